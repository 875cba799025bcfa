# Half right: leaves out the stride.
# loses: conv_as_matrix-stride-padding, conv_as_matrix-dilation-bias
# cause: the stride is left out
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight, None, 1, conv.padding, conv.dilation)
    return columns.flatten(1).T
