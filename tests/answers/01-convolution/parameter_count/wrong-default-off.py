# Right, but bias is False unless given.
# loses: parameter_count-bias
# cause: the biases are missing
def parameter_count(in_channels, out_channels, kernel_size, bias=False):
    return in_channels * out_channels * kernel_size ** 2 + (out_channels if bias else 0)
