# The channels are kept apart, as if each filter gave one output for each.
# loses: conv2d-channels, conv2d-filters, conv2d-stride-padding
# cause: the channels are kept apart
def conv2d(x, weight, bias=None, stride=1, padding=0):
    kh, kw = weight.shape[2:]
    windows = F.pad(x, (padding,) * 4).unfold(2, kh, stride).unfold(3, kw, stride)
    y = torch.einsum("nchwab,ocab->nochw", windows, weight)
    y = y.flatten(1, 2)
    return y if bias is None else y + bias.repeat_interleave(x.shape[1])[:, None, None]
