# Half right: adds the padding.
# loses: receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: padding shifts the windows to the left, so it is subtracted
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s + p
        last = last * s + p + (k - 1) * d
    return first, last
