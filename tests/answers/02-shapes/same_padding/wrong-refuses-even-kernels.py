# Half right: refuses every even kernel, also where the dilation makes it possible.
# loses: same_padding-dilation
def same_padding(kernel_size, dilation=1):
    if kernel_size % 2 == 0:
        raise ValueError("even kernel")
    return dilation * (kernel_size - 1) // 2
