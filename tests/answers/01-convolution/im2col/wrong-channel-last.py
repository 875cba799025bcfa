# The channels alternate within a column.
# loses: im2col-channels, im2col-stride-padding
# cause: the channels alternate
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    N, C = x.shape[:2]
    x = F.pad(x, (padding, padding, padding, padding))
    rows = (x.shape[2] - k) // stride + 1
    columns = (x.shape[3] - k) // stride + 1
    pieces = []
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride:i * stride + k, j * stride:j * stride + k]
            pieces.append(window.permute(0, 2, 3, 1).reshape(N, C * k * k))
    return torch.stack(pieces, dim=2)
