# A list of lists is returned.
# loses: corr2d-square, corr2d-nonsquare
# cause: of type list
def corr2d(x, kernel):
    (h, w), (kh, kw) = x.shape, kernel.shape
    return [[(x[i:i + kh, j:j + kw] * kernel).sum().item() for j in range(w - kw + 1)] for i in range(h - kh + 1)]
