# The border pixels are repeated instead of zeros.
# loses: conv2d-stride-padding
def conv2d(x, weight, bias=None, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    windows = F.pad(x, (padding,) * 4, mode="replicate").unfold(2, kh, stride).unfold(3, kw, stride)
    y = torch.einsum("nchwab,ocab->nohw", windows, weight)
    return y if bias is None else y + bias[:, None, None]
