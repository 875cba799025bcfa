# The size of the sum, without its sign.
# loses: corr2d-square, corr2d-nonsquare
def corr2d(x, kernel):
    windows = x.unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return (windows * kernel).sum(dim=(2, 3)).abs()
