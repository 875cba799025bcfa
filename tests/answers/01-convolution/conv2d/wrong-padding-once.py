# The size counts the padding once, not on both sides.
# loses: conv2d-stride-padding
# cause: zeros are added on one side only
# cause: zeros were added on one side
def conv2d(x, weight, bias=None, stride=1, padding=0):
    N, C, H, W = x.shape
    O, _, kh, kw = weight.shape
    x = F.pad(x, (0, padding, 0, padding))
    rows = (H + padding - kh) // stride + 1
    columns = (W + padding - kw) // stride + 1
    y = torch.zeros(N, O, rows, columns)
    for n in range(N):
        for o in range(O):
            for i in range(rows):
                for j in range(columns):
                    window = x[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
                    y[n, o, i, j] = (window * weight[o]).sum()
            if bias is not None:
                y[n, o] += bias[o]
    return y
