# The output is taken to be square.
# loses: corr2d-nonsquare
# cause: the output has as many columns as rows
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[0] - kh + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
