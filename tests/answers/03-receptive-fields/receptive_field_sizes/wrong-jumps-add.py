# Adds the strides up instead of multiplying them.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: jumps multiply, they do not add
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump += stride
        sizes.append(size)
    return sizes
