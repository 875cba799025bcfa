# The stride is used for the rows only.
# loses: im2col-stride-padding
# cause: the horizontal stride is left away
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    x = F.pad(x, (padding,) * 4)
    windows = x.unfold(2, k, stride).unfold(3, k, 1)
    n, c, h, w = windows.shape[:4]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * k * k, h * w)
