# Weights and biases are returned as a pair.
# loses: parameter_count-weights, parameter_count-bias
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * in_channels * kernel_size**2, out_channels if bias else 0
