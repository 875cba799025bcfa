# Half right: reads the tuples from the last axis to the first, as F.pad does.
# loses: conv_output_shape-each-axis
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s[::-1] if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    return (out_channels, *(shapes.conv_output_size(*axis) for axis in zip(sizes, *many)))
