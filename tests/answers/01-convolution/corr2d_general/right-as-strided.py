# A strided view of the padded picture.
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (p, q), (s, t), (d, e), (kh, kw) = padding, stride, dilation, kernel.shape
    x = F.pad(x, (q, q, p, p)).contiguous()
    h, w = x.shape
    size = ((h - d * (kh - 1) - 1) // s + 1, (w - e * (kw - 1) - 1) // t + 1, kh, kw)
    return torch.einsum("ijab,ab->ij", x.as_strided(size, (s * w, t, d * w, e)), kernel)
