# Half right: rounds up, but keeps a last window that starts behind the pixels.
# loses: pool_output_size-last-window
# cause: a last window does not count if it would start behind the last pixel
import math

def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    if stride is None:
        stride = kernel_size
    steps = (size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride
    return (math.ceil(steps) if ceil_mode else math.floor(steps)) + 1
