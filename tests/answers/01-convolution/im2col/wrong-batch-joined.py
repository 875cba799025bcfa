# The columns of all pictures are put into one matrix.
# loses: im2col-window, im2col-channels, im2col-stride-padding
# cause: the axis of the batch is missing
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
            pieces.append(window.reshape(N, C * k * k))
    return torch.cat([torch.stack(pieces, dim=2)[n] for n in range(N)], dim=1)
