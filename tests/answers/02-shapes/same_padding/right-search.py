# Tries paddings until the formula keeps the size.
def same_padding(kernel_size, dilation=1):
    for padding in range(dilation * kernel_size + 1):
        if 100 + 2 * padding - dilation * (kernel_size - 1) == 100:
            return padding
    raise ValueError("none found")
