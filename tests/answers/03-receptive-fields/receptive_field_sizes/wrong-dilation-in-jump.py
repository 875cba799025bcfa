# Half right: the dilation lengthens the jump for good.
# loses: receptive_field_sizes-dilation
# cause: dilation spreads one kernel; it does not lengthen the jump for the layers behind
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel_size, stride, dilation in layers:
        jump *= dilation
        size += (kernel_size - 1) * jump
        jump *= stride
        sizes.append(size)
    return sizes
