# Adds the 1 before it divides.
# loses: conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs
# cause: add it to the whole steps
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        return tuple(conv_output_size(*axis) for axis in zip(*(a if isinstance(a, tuple) else (a, a) for a in args)))
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError(f"no room: {room}")
    return (room + 1) // stride if stride > 1 else room + 1
