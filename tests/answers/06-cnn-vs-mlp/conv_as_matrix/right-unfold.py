# im2col of the pixels' numbers says which pixel each weight meets.
def conv_as_matrix(conv, in_shape):
    size = in_shape[0] * in_shape[1] * in_shape[2]
    numbers = torch.arange(1.0, size + 1, dtype=torch.float64).view(1, *in_shape)  # 0 is the padding
    met = F.unfold(numbers, conv.kernel_size, conv.dilation, conv.padding, conv.stride)[0].long()  # (C*k*k, positions)
    rows = conv.weight.detach().flatten(1)
    matrix = rows.new_zeros(len(rows), met.shape[1], size + 1)
    matrix.scatter_add_(2, met.T.expand(len(rows), -1, -1), rows[:, None].expand(-1, met.shape[1], -1))
    return matrix[:, :, 1:].reshape(-1, size)
