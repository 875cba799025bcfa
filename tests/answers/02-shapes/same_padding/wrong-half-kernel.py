# kernel // 2: right for odd kernels without dilation only.
# loses: same_padding-dilation, same_padding-impossible
# cause: the dilation is left out, and the kernel halved
# cause: the dilation is left out
def same_padding(kernel_size, dilation=1):
    return kernel_size // 2
