# Index arithmetic: the rows and columns that each place touches, picked at once.
def corr2d_general(x, kernel, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    x = F.pad(x, (padding[1],) * 2 + (padding[0],) * 2)

    def places(size, k, s, d):
        starts = torch.arange(0, size - d * (k - 1), s)
        return starts[:, None] + d * torch.arange(k)

    rows = places(x.shape[0], kernel.shape[0], stride[0], dilation[0])
    columns = places(x.shape[1], kernel.shape[1], stride[1], dilation[1])
    return (x[rows[:, None, :, None], columns[None, :, None, :]] * kernel).sum((2, 3))
