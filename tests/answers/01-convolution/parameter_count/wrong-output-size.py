# The numbers of an output of 28×28 are counted, not the weights.
# loses: parameter_count-weights, parameter_count-bias
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    places = (28 - kernel_size + 1) ** 2
    return out_channels * places + (out_channels if bias else 0)
