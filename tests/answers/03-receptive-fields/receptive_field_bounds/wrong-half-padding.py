# Only half of the padding, rounded up, is taken off, since it lies on two sides.
def receptive_field_bounds(layers, index):
    first = last = index
    for kernel, stride, padding, dilation in reversed(layers):
        first, last = first * stride - (padding + 1) // 2, last * stride - (padding + 1) // 2 + (kernel - 1) * dilation
    return first, last
