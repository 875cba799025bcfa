# K times 2 instead of k squared.
# loses: parameter_count-weights, parameter_count-bias
# cause: a 5×5 kernel has 25 numbers, not 10
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * (in_channels * kernel_size * 2 + int(bias))
