# Half right: height and width only, so nothing but pictures.
# loses: conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: values to unpack (expected 2
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    height, width = in_shape[1:]
    return (out_channels, *shapes.conv_output_size((height, width), kernel_size, stride, padding, dilation))
