# The place of the maximum in its window, not the maximum.
# loses: pool2d-max, pool2d-negative, pool2d-stride
def pool2d(x, size, stride=None, mode="max"):
    stride = size if stride is None else stride
    windows = x.unfold(2, size, stride).unfold(3, size, stride)
    return windows.flatten(4).argmax(-1).to(x.dtype) if mode == "max" else windows.mean((4, 5))
