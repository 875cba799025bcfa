# The end is the pixel behind the last one, as in a slice.
# loses: receptive_field_bounds-plain, receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: last is inclusive: the last pixel that is seen, not the one behind it
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last + 1
