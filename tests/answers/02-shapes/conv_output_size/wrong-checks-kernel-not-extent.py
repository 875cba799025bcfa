# Half right: compares the kernel size, not its extent, with the padded input.
# loses: conv_output_size-too-large
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        return tuple(conv_output_size(*axis) for axis in zip(*(a if isinstance(a, tuple) else (a, a) for a in args)))
    if kernel_size > size + 2 * padding:
        raise ValueError(f"{kernel_size} > {size} + 2 * {padding}")
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
