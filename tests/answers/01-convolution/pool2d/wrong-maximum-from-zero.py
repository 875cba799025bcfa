# The maximum starts at zero, so negative windows give 0.
# loses: pool2d-negative
# cause: the search for the maximum starts at 0
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
                        y[n, c, i, j] = max(0.0, window.max().item())
                    else:
                        y[n, c, i, j] = window.mean()
    return y
