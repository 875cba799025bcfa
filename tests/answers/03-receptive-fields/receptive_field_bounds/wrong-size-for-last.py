# Gives the first pixel and the size.
# loses: receptive_field_bounds-plain, receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: this is first and size; give first and last
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last - first + 1
