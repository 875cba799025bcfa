# Pictures and filters change places in the output.
# loses: conv2d-filters, conv2d-stride-padding
# cause: pictures and filters are swapped in the output
def conv2d(x, weight, bias=None, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    windows = F.pad(x, (padding,) * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    y = torch.einsum("nchwab,ocab->onhw", windows, weight)
    return y if bias is None else y + bias[:, None, None, None]
