# The number of windows is rounded up, the last ones stick out.
# loses: corr2d_general-stride, corr2d_general-together
# cause: windows that stick out are kept
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kh, kw = kernel.shape
    x = F.pad(x, (padding[1], padding[1], padding[0], padding[0]))
    extent_h = dilation[0] * (kh - 1) + 1
    extent_w = dilation[1] * (kw - 1) + 1
    rows = -((extent_h - x.shape[0]) // stride[0]) + 1
    columns = -((extent_w - x.shape[1]) // stride[1]) + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride[0], j * stride[1]
            window = x[top:top + extent_h:dilation[0], left:left + extent_w:dilation[1]]
            y[i, j] = (window * kernel).sum()
    return y
