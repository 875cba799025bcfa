# The condition on bias is the wrong way round.
# loses: parameter_count-weights, parameter_count-bias
# cause: biases were counted although bias=False
# cause: the biases are missing
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    weights = in_channels * out_channels * kernel_size ** 2
    return weights if bias else weights + out_channels
