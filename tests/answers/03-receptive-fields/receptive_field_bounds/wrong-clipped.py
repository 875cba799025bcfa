# Half right: clips at 0.
# loses: receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: unclipped bounds are asked for: they may be negative
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return max(first, 0), max(last, 0)
