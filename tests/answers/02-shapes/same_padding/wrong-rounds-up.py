# Half right: rounds up where no equal padding exists.
# loses: same_padding-impossible
# cause: returned
def same_padding(kernel_size, dilation=1):
    return -(-dilation * (kernel_size - 1) // 2)
