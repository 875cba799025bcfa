# First pixel and size in place of first and last pixel.
# cause: this is first and size
def receptive_field_bounds(layers, index):
    first = last = index
    for kernel, stride, padding, dilation in reversed(layers):
        first, last = first * stride - padding, last * stride - padding + (kernel - 1) * dilation
    return first, last - first + 1
