# The kernel is taken to be square.
# loses: corr2d-nonsquare
# cause: the width was worked out as if kernel and picture were square
def corr2d(x, kernel):
    kh = kw = kernel.shape[0]
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
