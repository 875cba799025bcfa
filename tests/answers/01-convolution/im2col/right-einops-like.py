# movedim and flatten.
def im2col(x, kernel_size, stride=1, padding=0):
    if padding:
        x = F.pad(x, (padding,) * 4)
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.movedim((2, 3), (4, 5)).flatten(4).flatten(1, 3)
