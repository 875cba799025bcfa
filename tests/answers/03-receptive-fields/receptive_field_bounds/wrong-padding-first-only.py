# Half right: padding shifts the first pixel only.
# loses: receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: padding shifts both ends, first and last
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s - p
        last = last * s + (k - 1) * d
    return first, last
