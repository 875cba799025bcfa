# The stride is not used.
# loses: im2col-stride-padding
# cause: the horizontal stride is left away
# cause: the stride is not used
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    N, C = x.shape[:2]
    x = F.pad(x, (padding, padding, padding, padding))
    rows = (x.shape[2] - k)  + 1
    columns = (x.shape[3] - k)  + 1
    pieces = []
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i:i + k, j:j + k]
            pieces.append(window.reshape(N, C * k * k))
    return torch.stack(pieces, dim=2)
