# F.pad's order is taken as vertical first.
# loses: corr2d_general-padding, corr2d_general-together
# cause: the padding is swapped
# cause: vertical and horizontal padding are swapped
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    kh, kw = kernel.shape
    x = F.pad(x, (padding[0], padding[0], padding[1], padding[1]))
    extent_h = dilation[0] * (kh - 1) + 1
    extent_w = dilation[1] * (kw - 1) + 1
    rows = (x.shape[0] - extent_h) // stride[0] + 1
    columns = (x.shape[1] - extent_w) // stride[1] + 1
    y = torch.zeros(rows, columns)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride[0], j * stride[1]
            window = x[top:top + extent_h:dilation[0], left:left + extent_w:dilation[1]]
            y[i, j] = (window * kernel).sum()
    return y
