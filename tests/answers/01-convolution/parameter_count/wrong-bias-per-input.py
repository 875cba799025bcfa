# One bias for each input channel.
# loses: parameter_count-bias
# cause: there is one bias for each output channel, not for each input channel
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * kernel_size ** 2 + (in_channels if bias else 0)
