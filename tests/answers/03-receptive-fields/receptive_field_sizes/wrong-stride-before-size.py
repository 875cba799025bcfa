# The layer's own stride multiplies the jump before its kernel is added.
# cause: a layer's own stride lengthens
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel, stride, dilation in layers:
        jump *= stride
        size += (kernel - 1) * dilation * jump
        sizes.append(size)
    return sizes
