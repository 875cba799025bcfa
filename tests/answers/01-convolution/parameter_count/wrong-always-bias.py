# The biases are always counted.
# loses: parameter_count-weights
# cause: biases were counted although bias=False
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * kernel_size ** 2 + out_channels
