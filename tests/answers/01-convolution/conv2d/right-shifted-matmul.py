# One matrix product over the channels for each place of the kernel.
def conv2d(x, weight, bias=None, stride=1, padding=0):
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    x = F.pad(x, 4 * [padding])
    rows, columns = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    y = torch.zeros(n, o, rows * columns, dtype=x.dtype)
    for a in range(kh):
        for b in range(kw):
            met = x[:, :, a:a + stride * rows:stride, b:b + stride * columns:stride]
            y += weight[:, :, a, b] @ met.reshape(n, c, -1)
    if bias is not None:
        y = y + bias.unsqueeze(-1)
    return y.unflatten(2, (rows, columns))
