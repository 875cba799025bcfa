# The window takes in all pictures of the batch.
# loses: pool2d-max, pool2d-mean, pool2d-negative, pool2d-stride
# cause: the maximum runs over all pictures
# cause: the mean runs over the pictures too
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
                    window = x[:, c, i * stride:i * stride + size, j * stride:j * stride + size]
                    if mode == "max":
                        y[n, c, i, j] = window.max()
                    else:
                        y[n, c, i, j] = window.mean()
    return y
