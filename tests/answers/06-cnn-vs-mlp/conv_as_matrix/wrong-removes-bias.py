# Takes the bias away from the layer that it is given.
# loses: conv_as_matrix-dilation-bias
# cause: changed the weights or buffers
def conv_as_matrix(conv, in_shape):
    numbers = torch.Size(in_shape).numel()
    conv.bias = None
    with torch.no_grad():
        return conv(torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)).flatten(1).T
