# Takes 1 as the default stride, as for a convolution.
# loses: pool_output_size-plain, pool_output_size-options, pool_output_size-ceil
# cause: the stride of a pooling is the kernel size unless given, not 1
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = stride or 1
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    windows = room // stride + 1
    if ceil_mode and room % stride and windows * stride < size + padding:
        windows += 1
    return windows
