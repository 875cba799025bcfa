# Right number, but never an error.
# loses: same_padding-impossible
# cause: no padding that is equal at both ends gives back an odd number of pixels
def same_padding(kernel_size, dilation=1):
    return dilation * (kernel_size - 1) // 2
