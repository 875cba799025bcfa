# Only the first row of the kernel is used.
# loses: corr2d-square, corr2d-nonsquare
def corr2d(x, kernel):
    windows = x.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows[:, :, 0] * kernel[0]).sum(dim=2)
