# Half right: walks from the output to the input, so only one layer's field is right.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: the layers are read from the end: the first one is next to the input
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in reversed(layers):
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes
