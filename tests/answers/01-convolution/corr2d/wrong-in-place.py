# The kernel is multiplied into the picture itself.
# loses: corr2d-square, corr2d-nonsquare
# cause: an assignment into `x` or an in-place operation
def corr2d(x, kernel):
    kh, kw = kernel.shape
    y = torch.zeros(x.shape[0] - kh + 1, x.shape[1] - kw + 1)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            window = x[i:i + kh, j:j + kw]
            window *= kernel
            y[i, j] = window.sum()
    return y
