# Reshape without moving the axes first.
# loses: im2col-window, im2col-channels, im2col-stride-padding
# cause: reshaped without moving the axes first
def im2col(x, kernel_size, stride=1, padding=0):
    k = kernel_size
    windows = F.pad(x, (padding,) * 4).unfold(2, k, stride).unfold(3, k, stride)
    n, c, h, w = windows.shape[:4]
    return windows.reshape(n, c * k * k, h * w)
