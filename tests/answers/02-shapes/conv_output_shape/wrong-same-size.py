# Takes same padding for granted.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: these are the sizes of the input
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    return (out_channels, *in_shape[1:])
