# Computes the first axis and takes it for all.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: the first size stands for all
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    first = shapes.conv_output_size(sizes[0], *(s[0] for s in many))
    return (out_channels,) + (first,) * len(sizes)
