# The channels of the picture meet the kernels in reverse order.
# loses: conv2d-channels, conv2d-filters, conv2d-stride-padding
def conv2d(x, weight, bias=None, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    windows = F.pad(x.flip(1), (padding,) * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    y = torch.einsum("nchwab,ocab->nohw", windows, weight)
    return y if bias is None else y + bias[:, None, None]
