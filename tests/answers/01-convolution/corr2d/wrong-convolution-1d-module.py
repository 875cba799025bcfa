# Rows by PyTorch's one-dimensional convolution.
# loses: corr2d-square, corr2d-nonsquare
# cause: are blocked here
def corr2d(x, kernel):
    rows = x.shape[0] - kernel.shape[0] + 1
    return sum(F.conv1d(x[a:a + rows, None], kernel[a][None, None])[:, 0] for a in range(kernel.shape[0]))
