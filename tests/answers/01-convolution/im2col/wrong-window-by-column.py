# A window is read column by column.
# loses: im2col-window, im2col-channels, im2col-stride-padding
# cause: a window is read column by column
# cause: windows, or the pixels in a window, do not come row by row
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
            pieces.append(window.transpose(2, 3).reshape(N, C * k * k))
    return torch.stack(pieces, dim=2)
