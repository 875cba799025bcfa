# A first pixel below 0 becomes 0 at each layer.
# cause: they may be negative
def receptive_field_bounds(layers, index):
    first = last = index
    for kernel, stride, padding, dilation in reversed(layers):
        first, last = max(first * stride - padding, 0), last * stride - padding + (kernel - 1) * dilation
    return first, last
