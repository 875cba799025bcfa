# Counts the padding at one end only.
# loses: pool_output_size-options, pool_output_size-ceil, pool_output_size-last-window
# cause: padding counts at both ends
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = stride or kernel_size
    room = size + padding - dilation * (kernel_size - 1) - 1
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride < size + padding:
        windows += 1
    return windows
