# Half right: lengthens the jump before it is used.
# loses: receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: a layer's own stride lengthens the steps of the layers behind it, not its own
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        jump *= stride
        size += (kernel_size - 1) * dilation * jump
        sizes.append(size)
    return sizes
