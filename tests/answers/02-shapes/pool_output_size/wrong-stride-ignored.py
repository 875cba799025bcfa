# Always moves by the kernel size.
# loses: pool_output_size-options, pool_output_size-ceil, pool_output_size-last-window
# cause: the stride that was given is not used
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride < size + padding:
        windows += 1
    return windows
