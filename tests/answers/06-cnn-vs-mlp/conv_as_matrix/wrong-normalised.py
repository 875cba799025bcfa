# Each row is divided by its sum, as in an average.
# cause: 0.1 times the expected one
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight, None, conv.stride, conv.padding, conv.dilation)
    matrix = columns.flatten(1).T
    return matrix / matrix.sum(1, keepdim=True)
