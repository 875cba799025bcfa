# The last channel comes first.
# loses: im2col-channels, im2col-stride-padding
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    x = F.pad(x, (padding,) * 4).flip(1)
    windows = x.unfold(2, k, stride).unfold(3, k, stride)
    n, c, h, w = windows.shape[:4]
    return windows.permute(0, 1, 4, 5, 2, 3).reshape(n, c * k * k, h * w)
