# By cases, and as a float.
def same_padding(kernel_size, dilation=1):
    if kernel_size % 2 == 0 and dilation % 2 == 1:
        raise ValueError("even kernel with odd dilation")
    return (kernel_size - 1) * dilation / 2
