# Stops with an AssertionError in place of a ValueError.
# cause: raised AssertionError
# loses: same_padding-impossible
def same_padding(kernel_size, dilation=1):
    missing = dilation * (kernel_size - 1)
    assert missing % 2 == 0, "no symmetric padding"
    return missing // 2
