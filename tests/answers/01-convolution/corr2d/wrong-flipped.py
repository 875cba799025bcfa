# A true convolution: the kernel is turned by 180 degrees.
# loses: corr2d-square, corr2d-nonsquare
# cause: the kernel is turned by 180 degrees
# cause: this is the flipped kernel
def corr2d(x, kernel):
    kernel = kernel.flip(0, 1)
    kh, kw = kernel.shape
    rows, columns = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            y[i, j] = (x[i:i + kh, j:j + kw] * kernel).sum()
    return y
