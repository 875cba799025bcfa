# Adds a window for ceil_mode even where nothing is left over.
# loses: pool_output_size-ceil, pool_output_size-last-window
# cause: a window more only if something is left over
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    windows = (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
    return windows + 1 if ceil_mode else windows
