# Takes the weights without their signs.
# loses: conv_as_matrix-plain, conv_as_matrix-channels, conv_as_matrix-stride-padding, conv_as_matrix-dilation-bias
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight.abs(), None, conv.stride, conv.padding, conv.dilation)
    return columns.flatten(1).T
