# The first axis, then the same for the rest of the shape.
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    channels, *sizes = in_shape
    if not sizes:
        return (out_channels,)
    settings = [(s,) * len(sizes) if isinstance(s, int) else s for s in (kernel_size, stride, padding, dilation)]
    first = shapes.conv_output_size(sizes[0], *(s[0] for s in settings))
    rest = conv_output_shape((channels, *sizes[1:]), out_channels, *(s[1:] for s in settings))
    return (out_channels, first, *rest[1:])
