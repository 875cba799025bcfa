# Leaves the dilation out.
# loses: conv_output_size-dilation, conv_output_size-pairs, conv_output_size-too-large
# cause: the dilation is left out
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding)
    if any(isinstance(a, tuple) for a in args + (dilation,)):
        pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
        return tuple(conv_output_size(*axis) for axis in zip(*pairs))
    room = size + 2 * padding - kernel_size
    if room < 0:
        raise ValueError("too large")
    return room // stride + 1
