# Half right: slides over the last two axes only, and leaves the frames of a film alone.
# loses: conv_output_shape-sound-and-film, conv_output_shape-each-axis
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    new = [shapes.conv_output_size(*axis) for axis in zip(sizes, *many)]
    return (out_channels, *sizes[:-2], *new[-2:])
