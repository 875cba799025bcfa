# The biases are forgotten.
# loses: parameter_count-bias
# cause: the biases are missing
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * kernel_size ** 2
