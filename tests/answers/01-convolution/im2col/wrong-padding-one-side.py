# Zeros are added on one side only.
# loses: im2col-stride-padding
# cause: zeros are added on one side only
# cause: zeros were added on one side
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    N, C = x.shape[:2]
    x = F.pad(x, (0, padding, 0, padding))
    rows = (x.shape[2] - k) // stride + 1
    columns = (x.shape[3] - k) // stride + 1
    pieces = []
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride:i * stride + k, j * stride:j * stride + k]
            pieces.append(window.reshape(N, C * k * k))
    return torch.stack(pieces, dim=2)
