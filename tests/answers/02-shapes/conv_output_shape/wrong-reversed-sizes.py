# Gives the sizes in reverse order.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: height and width are swapped
# cause: the sizes are in reverse order
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    return (out_channels, *[shapes.conv_output_size(*axis) for axis in zip(sizes, *many)][::-1])
