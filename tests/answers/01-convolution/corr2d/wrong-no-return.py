# The result is not returned.
# loses: corr2d-square, corr2d-nonsquare
# cause: the function ends without `return`
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).sum()
