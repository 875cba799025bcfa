# Leaves the dilation out.
# loses: pool_output_size-options, pool_output_size-ceil
# cause: the dilation is left out
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    room = size + 2 * padding - kernel_size
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride < size + padding:
        windows += 1
    return windows
