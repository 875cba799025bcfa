# Runs PyTorch's layers, which are blocked.
# loses: conv_output_shape-picture, conv_output_shape-sound-and-film, conv_output_shape-each-axis
# cause: are blocked here
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    layers = {2: nn.Conv1d, 3: nn.Conv2d, 4: nn.Conv3d}
    layer = layers[len(in_shape)](in_shape[0], out_channels, kernel_size, stride, padding, dilation)
    return tuple(layer(torch.zeros(1, *in_shape)).shape[1:])
