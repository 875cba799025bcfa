# Sets the layer's bias to zero to be rid of it, and leaves it so.
# loses: conv_as_matrix-dilation-bias
# cause: changed the weights or buffers
# cause: an operation in place
def conv_as_matrix(conv, in_shape):
    numbers = torch.Size(in_shape).numel()
    with torch.no_grad():
        if conv.bias is not None:
            conv.bias.zero_()
        return conv(torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)).flatten(1).T
