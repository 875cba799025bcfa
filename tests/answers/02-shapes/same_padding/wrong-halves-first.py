# Halves before the dilation, so an even kernel comes out too small; no error either.
# loses: same_padding-dilation, same_padding-impossible
def same_padding(kernel_size, dilation=1):
    return dilation * ((kernel_size - 1) // 2)
