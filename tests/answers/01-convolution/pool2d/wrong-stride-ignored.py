# The stride is always the size.
# loses: pool2d-stride
# cause: the stride is left away
# cause: the stride is the size
def pool2d(x, size, stride=None, mode="max"):
    stride = size
    N, C, H, W = x.shape
    rows = (H - size) // stride + 1
    columns = (W - size) // stride + 1
    y = torch.zeros(N, C, rows, columns, dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(rows):
                for j in range(columns):
                    window = x[n, c, i * stride:i * stride + size, j * stride:j * stride + size]
                    if mode == "max":
                        y[n, c, i, j] = window.max()
                    else:
                        y[n, c, i, j] = window.mean()
    return y
