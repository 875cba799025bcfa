# Rounds the division up.
# loses: conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs
# cause: the division must round down, not up
import math

def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
        return tuple(conv_output_size(*axis) for axis in zip(*pairs))
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError("too large")
    return math.ceil(room / stride) + 1
