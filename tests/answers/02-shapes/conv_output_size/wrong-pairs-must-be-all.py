# Looks at `size` only to decide whether there are pairs.
# loses: conv_output_size-pairs
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if isinstance(size, tuple):
        args = (size, kernel_size, stride, padding, dilation)
        pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
        return tuple(conv_output_size(*axis) for axis in zip(*pairs))
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError("too large")
    return room // stride + 1
