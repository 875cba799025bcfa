# The product of the weight's shape, as a float.
def parameter_count(in_channels, out_channels, kernel_size, bias=True):
    import math

    return float(math.prod((out_channels, in_channels, kernel_size, kernel_size))) + bias * out_channels
