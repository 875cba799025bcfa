# Half right: walks from the input to the output.
# loses: receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: the layers must be walked backwards, from the last to the first
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in layers:
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last
