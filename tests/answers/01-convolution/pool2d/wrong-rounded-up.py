# Windows that stick out are kept.
# loses: pool2d-negative, pool2d-stride
# cause: windows that stick out are kept
def pool2d(x, size, stride=None, mode="max"):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    rows = -((size - H) // stride) + 1
    columns = -((size - W) // stride) + 1
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
