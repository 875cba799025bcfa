# PyTorch's own convolution.
# loses: conv2d-channels, conv2d-filters, conv2d-stride-padding
# cause: are blocked here
def conv2d(x, weight, bias=None, stride=1, padding=0):
    return torch.conv2d(x, weight, bias, stride, padding)
