# Keeps a window that starts exactly behind the last pixel.
# loses: pool_output_size-last-window
# cause: a last window does not count if it would start exactly behind the last pixel
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride <= size + padding:
        windows += 1
    return windows
