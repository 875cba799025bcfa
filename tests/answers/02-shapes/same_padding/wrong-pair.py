# Gives the padding of both ends as a pair.
# loses: same_padding-plain, same_padding-dilation
def same_padding(kernel_size, dilation=1):
    taken = dilation * (kernel_size - 1)
    if taken % 2:
        raise ValueError("odd")
    return taken // 2, taken // 2
