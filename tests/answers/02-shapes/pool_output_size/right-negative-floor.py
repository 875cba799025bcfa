# Rounds up by a double minus.
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if not stride:
        stride = kernel_size
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    windows = 1 + (-(-room // stride) if ceil_mode else room // stride)
    return windows - bool(ceil_mode and (windows - 1) * stride - padding >= size)
