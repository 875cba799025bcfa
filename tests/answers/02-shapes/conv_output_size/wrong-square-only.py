# Half right: computes the height and gives it twice.
# loses: conv_output_size-pairs, conv_output_size-too-large
# cause: both axes got the height's numbers
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(a, tuple) for a in args):
        height = conv_output_size(*(a[0] if isinstance(a, tuple) else a for a in args))
        return height, height
    if size + 2 * padding < dilation * (kernel_size - 1) + 1:
        raise ValueError(f"a kernel of {kernel_size} does not fit into {size} pixels")
    return (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1
