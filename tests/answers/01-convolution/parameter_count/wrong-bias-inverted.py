# The condition on bias is the wrong way round.
# loses: parameter_count-weights, parameter_count-bias
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    weights = in_channels * out_channels * kernel_size ** 2
    return weights if bias else weights + out_channels
