# Rows and columns of the output are swapped.
# loses: corr2d-square, corr2d-nonsquare
# cause: height and width are swapped
# cause: rows and columns are swapped
def corr2d(x, kernel):
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(columns, rows)
    for i in range(rows):
        for j in range(columns):
            y[j, i] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
