# One kernel for each filter.
# loses: parameter_count-weights, parameter_count-bias
# cause: each filter has a kernel for every input channel, not just one
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return out_channels * (kernel_size ** 2 + int(bias))
