# Forwards: the first pixel of unit 0, the jump and the size, then the unit asked for.
def receptive_field_bounds(layers, index):
    start, jump, size = 0, 1, 1
    for k, s, p, d in layers:
        start -= p * jump
        size += (k - 1) * d * jump
        jump *= s
    return start + index * jump, start + index * jump + size - 1
