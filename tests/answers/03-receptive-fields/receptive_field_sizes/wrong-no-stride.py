# Half right: leaves the stride out.
# loses: receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: the stride is left out
def receptive_field_sizes(layers):
    size, sizes = 1, []
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation
        sizes.append(size)
    return sizes
