# Leaves the dilation out.
# loses: same_padding-dilation
# cause: the dilation is left out
def same_padding(kernel_size, dilation=1):
    if kernel_size % 2 == 0:
        raise ValueError("even kernel")
    return (kernel_size - 1) // 2
