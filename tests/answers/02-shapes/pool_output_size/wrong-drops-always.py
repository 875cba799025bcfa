# Half right: with ceil_mode it never adds a window that is cut.
# loses: pool_output_size-ceil, pool_output_size-last-window
# cause: ceil_mode is not used
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = stride or kernel_size
    extent = dilation * (kernel_size - 1) + 1
    windows = (size + 2 * padding - extent) // stride + 1
    if ceil_mode and windows * stride + extent <= size + 2 * padding:
        windows += 1
    return windows
