# Halves before the dilation, so an even kernel comes out too small; no error either.
# loses: same_padding-dilation, same_padding-impossible
# cause: halve last: dilation·(kernel − 1) may be even where kernel − 1 is not
def same_padding(kernel_size, dilation=1):
    return dilation * ((kernel_size - 1) // 2)
