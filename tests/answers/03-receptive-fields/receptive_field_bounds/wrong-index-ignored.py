# Always unit 0.
# loses: receptive_field_bounds-plain, receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: this is unit 0; shift it to the unit that is asked for
def receptive_field_bounds(layers, index):
    first = last = 0
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last
