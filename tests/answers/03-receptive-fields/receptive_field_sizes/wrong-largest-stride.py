# The jump is the largest stride so far, not the product.
# cause: the jump is the product of all strides before
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump = max(jump, stride)
        sizes.append(size)
    return sizes
