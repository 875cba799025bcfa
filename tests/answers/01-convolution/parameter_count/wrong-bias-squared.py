# As many biases as a kernel has numbers.
# loses: parameter_count-bias
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    return (out_channels * in_channels + bool(bias)) * kernel_size**2
