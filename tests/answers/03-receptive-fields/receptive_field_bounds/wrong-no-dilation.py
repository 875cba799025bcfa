# Half right: leaves the dilation out.
# loses: receptive_field_bounds-dilation
# cause: the dilation is left out
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s - p + k - 1
    return first, last
