# The output number is written where the window ends.
# loses: corr2d-square, corr2d-nonsquare
# cause: the output numbers are in reverse order
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[rows - 1 - i, columns - 1 - j] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
