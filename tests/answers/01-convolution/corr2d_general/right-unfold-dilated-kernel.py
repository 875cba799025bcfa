# Holes of zeros in the kernel, then Tensor.unfold.
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kh, kw = kernel.shape
    spread = torch.zeros(dilation[0] * (kh - 1) + 1, dilation[1] * (kw - 1) + 1, dtype=x.dtype)
    spread[::dilation[0], ::dilation[1]] = kernel
    padded = F.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    windows = padded.unfold(0, spread.shape[0], stride[0]).unfold(1, spread.shape[1], stride[1])
    return (windows * spread).sum(dim=(-2, -1))
