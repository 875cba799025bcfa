# Half right: int() truncates towards zero, so a kernel too large by less than a stride gives 1.
# loses: conv_output_size-too-large
# cause: the division must round down, also below zero: `int` cuts off
# cause: the division must round down
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
        return tuple(conv_output_size(*axis) for axis in zip(*pairs))
    out = int((size + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1
    if out < 1:
        raise ValueError("too large")
    return out
