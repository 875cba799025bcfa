# Channels are added instead of multiplied.
# loses: parameter_count-weights, parameter_count-bias
# cause: the numbers of channels are multiplied, not added
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return (in_channels + out_channels) * kernel_size ** 2 + (out_channels if bias else 0)
