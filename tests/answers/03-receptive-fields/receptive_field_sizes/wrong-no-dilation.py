# Half right: leaves the dilation out.
# loses: receptive_field_sizes-dilation
# cause: the dilation is left out
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * jump
        jump *= stride
        sizes.append(size)
    return sizes
