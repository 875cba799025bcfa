# Takes half of dilation * kernel.
# loses: same_padding-dilation
# cause: the kernel takes off dilation·(kernel − 1), not dilation·kernel
def same_padding(kernel_size, dilation=1):
    if dilation * (kernel_size - 1) % 2 == 1:
        raise ValueError("odd")
    return dilation * kernel_size // 2
