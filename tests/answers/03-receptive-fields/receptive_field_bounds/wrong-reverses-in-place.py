# Turns the caller's list round.
# cause: changed the list that it was given
# loses: receptive_field_bounds-plain, receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
def receptive_field_bounds(layers, index):
    first = last = index
    layers.reverse()
    for k, s, p, d in layers:
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last
