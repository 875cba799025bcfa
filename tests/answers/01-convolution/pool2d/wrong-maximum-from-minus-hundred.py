# The search for the maximum starts at -100.
# loses: pool2d-negative
# cause: greater than every pixel
def pool2d(x, size, stride=None, mode="max"):
    stride = size if stride is None else stride
    windows = x.unfold(2, size, stride).unfold(3, size, stride)
    return windows.amax((4, 5)).clamp(min=-100) if mode == "max" else windows.mean((4, 5))
