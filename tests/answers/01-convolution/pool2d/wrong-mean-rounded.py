# The mean is rounded to a whole number.
# loses: pool2d-mean, pool2d-stride
# cause: the mean is rounded to whole numbers
def pool2d(x, size, stride=None, mode="max"):
    if stride is None:
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
                        y[n, c, i, j] = window.mean().round()
    return y
