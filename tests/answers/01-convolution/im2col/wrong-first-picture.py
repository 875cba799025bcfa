# Only the first picture.
# loses: im2col-channels, im2col-stride-padding
# cause: only the first picture is there
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
            pieces.append(window[:1].reshape(1, C * k * k))
    return torch.stack(pieces, dim=2)
