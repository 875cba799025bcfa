# Adds a column for the bias.
# loses: conv_as_matrix-dilation-bias
# cause: has shape
def conv_as_matrix(conv, in_shape):
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    ones = torch.eye(numbers, dtype=conv.weight.dtype).view(numbers, *in_shape)
    with torch.no_grad():
        columns = F.conv2d(ones, conv.weight, None, conv.stride, conv.padding, conv.dilation)
    matrix = columns.flatten(1).T
    if conv.bias is None:
        return matrix
    return torch.cat([matrix, conv.bias.detach().repeat_interleave(len(matrix) // conv.out_channels)[:, None]], 1)
