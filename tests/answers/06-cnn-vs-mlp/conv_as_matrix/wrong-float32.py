# Builds the matrix in float32, whatever the weights are.
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight.float(), None, conv.stride, conv.padding, conv.dilation)
    return columns.flatten(1).T
