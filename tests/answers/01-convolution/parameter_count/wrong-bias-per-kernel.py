# One bias for each kernel.
# loses: parameter_count-bias
# cause: there is one bias for each filter, not for each kernel
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return in_channels * out_channels * (kernel_size ** 2 + int(bias))
