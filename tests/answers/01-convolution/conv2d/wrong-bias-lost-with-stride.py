# The bias is forgotten where there is a stride.
# loses: conv2d-stride-padding
# cause: the bias is left away when there is a stride or a padding
def conv2d(x, weight, bias=None, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    windows = F.pad(x, (padding,) * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    y = torch.einsum("nchwab,ocab->nohw", windows, weight)
    return y if bias is None or stride > 1 else y + bias[:, None, None]
