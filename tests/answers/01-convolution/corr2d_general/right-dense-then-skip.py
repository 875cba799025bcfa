# All places, of which every stride-th is kept.
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    x = F.pad(x, [padding[1]] * 2 + [padding[0]] * 2)
    rows = x.shape[0] - dilation[0] * (kernel.shape[0] - 1)
    columns = x.shape[1] - dilation[1] * (kernel.shape[1] - 1)
    y = 0
    for a, row in enumerate(kernel):
        for b, number in enumerate(row):
            top, left = a * dilation[0], b * dilation[1]
            y = y + number * x[top:top + rows, left:left + columns]
    return y[::stride[0], ::stride[1]].clone()
