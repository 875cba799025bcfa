# Rounds up in both modes.
# loses: pool_output_size-plain, pool_output_size-options
# cause: without ceil_mode the division rounds down
import math

def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    windows = math.ceil((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1
    return windows - 1 if (windows - 1) * stride >= size + padding else windows
