# Half right: leaves the padding out.
# loses: receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: the padding is left out
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s
        last = last * s + (k - 1) * d
    return first, last
