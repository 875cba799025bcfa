# Half right: leaves the stride out.
# loses: receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: the stride is left out
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first -= p
        last += (k - 1) * d - p
    return first, last
