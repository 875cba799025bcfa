# Adds the whole kernel instead of kernel - 1 steps.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: a kernel of k adds k − 1 steps, not k; a pixel is there besides
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        size += kernel_size * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes
