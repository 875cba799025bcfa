# Half right: compares the kernel with the size without its padding.
# loses: conv_output_size-too-large
# cause: raised ValueError
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        return tuple(conv_output_size(*axis) for axis in zip(*(a if isinstance(a, tuple) else (a, a) for a in args)))
    extent = dilation * (kernel_size - 1) + 1
    if extent > size:
        raise ValueError(f"{extent} > {size}")
    return (size + 2 * padding - extent) // stride + 1
