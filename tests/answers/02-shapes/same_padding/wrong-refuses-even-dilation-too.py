# Half right: refuses where dilation times kernel is odd.
# loses: same_padding-plain, same_padding-dilation, same_padding-impossible
# cause: raised ValueError
def same_padding(kernel_size, dilation=1):
    if dilation * kernel_size % 2:
        raise ValueError(f"{dilation} * {kernel_size} is odd")
    return dilation * (kernel_size - 1) // 2
