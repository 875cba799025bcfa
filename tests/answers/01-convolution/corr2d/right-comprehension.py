# One expression.
def corr2d(x, kernel):
    (h, w), (kh, kw) = x.shape, kernel.shape
    return torch.stack([torch.stack([(x[i:i + kh, j:j + kw] * kernel).sum() for j in range(w - kw + 1)]) for i in range(h - kh + 1)])
