# One bias for all filters.
# loses: conv2d-filters
# cause: one bias is added to all filters
def conv2d(x, weight, bias=None, stride=1, padding=0):
    N, C, H, W = x.shape
    O, _, kh, kw = weight.shape
    x = F.pad(x, (padding, padding, padding, padding))
    rows = (H + 2 * padding - kh) // stride + 1
    columns = (W + 2 * padding - kw) // stride + 1
    y = torch.zeros(N, O, rows, columns)
    for n in range(N):
        for o in range(O):
            for i in range(rows):
                for j in range(columns):
                    window = x[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
                    y[n, o, i, j] = (window * weight[o]).sum()
            if bias is not None:
                y[n, o] += bias[0]
    return y
