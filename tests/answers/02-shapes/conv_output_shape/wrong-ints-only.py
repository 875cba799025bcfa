# Half right: no tuples.
# loses: conv_output_shape-each-axis
# cause: raised TypeError
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    extent = dilation * (kernel_size - 1) + 1
    return (out_channels, *[(size + 2 * padding - extent) // stride + 1 for size in in_shape[1:]])
