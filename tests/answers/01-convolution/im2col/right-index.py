# One index for the rows and one for the columns of all windows.
def im2col(x, kernel_size, stride=1, padding=0):
    x = F.pad(x, (padding, padding, padding, padding))
    inside = torch.arange(kernel_size)
    tops = torch.arange(0, x.shape[2] - kernel_size + 1, stride)
    lefts = torch.arange(0, x.shape[3] - kernel_size + 1, stride)
    rows = inside[:, None, None, None] + tops[:, None]
    columns = inside[:, None, None] + lefts
    return x[:, :, rows, columns].flatten(1, 3).flatten(2)
