# The parameters of one filter.
# loses: parameter_count-weights, parameter_count-bias
# cause: these are the weights of one filter
# cause: this is one filter
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * kernel_size ** 2 + int(bias)
