# PyTorch's own unfold.
# loses: im2col-window, im2col-channels, im2col-stride-padding
# cause: are blocked here
def im2col(x, kernel_size, stride=1, padding=0):
    return F.unfold(x, kernel_size, stride=stride, padding=padding)
