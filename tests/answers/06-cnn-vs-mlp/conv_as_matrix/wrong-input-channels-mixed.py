# Lays the image out with the channels last.
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight, None, conv.stride, conv.padding, conv.dilation)
    return columns.view(*in_shape, -1).permute(1, 2, 0, 3).flatten(0, 2).T
