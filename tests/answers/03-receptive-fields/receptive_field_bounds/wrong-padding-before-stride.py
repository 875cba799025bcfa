# Half right: subtracts the padding before it multiplies by the stride.
# loses: receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: the padding is in pixels of the layer before: subtract it after the stride is multiplied
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = (first - p) * s
        last = (last - p) * s + (k - 1) * d
    return first, last
