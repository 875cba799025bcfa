# Begins with a size of 0.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: a pixel of the input sees itself: begin with a size of 1
def receptive_field_sizes(layers):
    size, jump, sizes = 0, 1, []
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes
