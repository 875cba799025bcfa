# A sum over the kernel's numbers of strided slices.
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    (kh, kw), (sh, sw), (ph, pw), (dh, dw) = kernel.shape, stride, padding, dilation
    big = torch.zeros(x.shape[0] + 2 * ph, x.shape[1] + 2 * pw, dtype=x.dtype)
    big[ph:ph + x.shape[0], pw:pw + x.shape[1]] = x
    bottom, right = big.shape[0] - dh * (kh - 1), big.shape[1] - dw * (kw - 1)
    return sum(kernel[a, b] * big[a * dh:a * dh + bottom:sh, b * dw:b * dw + right:sw] for a in range(kh) for b in range(kw))
