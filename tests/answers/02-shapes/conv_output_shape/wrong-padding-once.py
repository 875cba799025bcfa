# Counts the padding at one end only.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: padding counts at both ends
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    sizes = in_shape[1:]
    many = [s if isinstance(s, tuple) else (s,) * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    return (out_channels, *((n + p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in zip(sizes, *many)))
