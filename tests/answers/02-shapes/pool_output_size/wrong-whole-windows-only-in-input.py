# Lets a last window start in the right padding, too.
# loses: pool_output_size-last-window
# cause: a last window does not count if it would start in the right padding
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride < size + 2 * padding:
        windows += 1
    return windows
