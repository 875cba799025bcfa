# Half right: multiplies with the stride of the layer just before only.
# loses: receptive_field_sizes-stride
# cause: the jump is the product of all strides before, not one of them
def receptive_field_sizes(layers):
    size, previous, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * previous
        previous = stride
        sizes.append(size)
    return sizes
