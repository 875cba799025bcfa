# Matrix product of window and kernel instead of products entry by entry.
# loses: corr2d-square, corr2d-nonsquare
# cause: this is the matrix product of window and kernel
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] @ kernel).sum()
    return y
