# Ignores ceil_mode.
# loses: pool_output_size-ceil, pool_output_size-last-window
# cause: ceil_mode is not used: round up
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
