# Half right: the matrix takes the padded image.
# loses: conv_as_matrix-stride-padding, conv_as_matrix-dilation-bias
# cause: there are columns for the padding
def conv_as_matrix(conv, in_shape):
    in_shape = (in_shape[0], in_shape[1] + 2 * conv.padding[0], in_shape[2] + 2 * conv.padding[1])
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight, None, conv.stride, 0, conv.dilation)
    return columns.flatten(1).T
