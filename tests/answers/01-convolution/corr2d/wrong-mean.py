# The mean of the products instead of their sum.
# loses: corr2d-square, corr2d-nonsquare
# cause: every value is 0.1667 times the expected one
# cause: every value is 0.25 times the expected one
# cause: every value is 0.3333 times the expected one
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).mean()
    return y
