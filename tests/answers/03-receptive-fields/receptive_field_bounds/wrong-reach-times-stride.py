# Half right: the kernel's own stride stretches its reach.
# loses: receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: the kernel's reach is not multiplied by its own stride
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = (last + (k - 1) * d) * s - p
    return first, last
