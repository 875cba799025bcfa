# The maximum runs along the rows of a window only.
# loses: pool2d-max, pool2d-mean, pool2d-negative, pool2d-stride
def pool2d(x, size, stride=None, mode="max"):
    stride = size if stride is None else stride
    windows = x.unfold(2, size, stride).unfold(3, size, stride)
    return windows.amax(5)[..., 0] if mode == "max" else windows.mean(5)[..., 0]
