# H - kh places instead of H - kh + 1.
# loses: corr2d-square, corr2d-nonsquare
# cause: the last row and column are missing
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh, x.shape[1] - kw
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
