# Returns half a pixel in place of an error.
# loses: same_padding-impossible
def same_padding(kernel_size, dilation=1):
    return dilation * (kernel_size - 1) / 2
