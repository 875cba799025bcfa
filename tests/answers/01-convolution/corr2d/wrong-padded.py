# The output is as large as the picture: zeros are padded.
# loses: corr2d-square, corr2d-nonsquare
# cause: zeros were put around the picture
def corr2d(x, kernel):
    kh, kw = kernel.shape
    padded = F.pad(x, ((kw - 1) // 2, kw // 2, (kh - 1) // 2, kh // 2))
    y = torch.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = (padded[i:i + kh, j:j + kw] * kernel).sum()
    return y
