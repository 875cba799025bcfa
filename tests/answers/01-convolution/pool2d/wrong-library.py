# PyTorch's own pooling.
# loses: pool2d-max, pool2d-mean, pool2d-negative, pool2d-stride
# cause: are blocked here
def pool2d(x, size, stride=None, mode="max"):
    return F.max_pool2d(x, size, stride) if mode == "max" else F.avg_pool2d(x, size, stride)
