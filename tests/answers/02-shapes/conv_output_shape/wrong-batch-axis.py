# Puts a batch axis in front.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: the batch axis is not asked for
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    return (1, out_channels, *(shapes.conv_output_size(*axis) for axis in zip(sizes, *many)))
