# Half right: turns the caller's list round.
# loses: receptive_field_bounds-plain
def receptive_field_bounds(layers, index):
    first = last = index
    layers.reverse()
    for k, s, p, d in layers:
        first = first * s - p
        last = last * s - p + (k - 1) * d
    return first, last
