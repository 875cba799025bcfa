# A strided view of all windows, then a matrix product.
def corr2d(x, kernel):
    x = x.contiguous()
    (h, w), (kh, kw) = x.shape, kernel.shape
    windows = x.as_strided((h - kh + 1, w - kw + 1, kh, kw), (w, 1, w, 1))
    return windows.flatten(2) @ kernel.flatten()
