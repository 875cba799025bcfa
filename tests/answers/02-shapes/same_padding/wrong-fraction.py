# Returns half a pixel in place of an error.
# loses: same_padding-impossible
# cause: a padding is a whole number of pixels
def same_padding(kernel_size, dilation=1):
    return dilation * (kernel_size - 1) / 2
