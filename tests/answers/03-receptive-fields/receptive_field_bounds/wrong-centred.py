# Half right: centre plus and minus half the size, which holds for odd sizes only.
# loses: receptive_field_bounds-plain, receptive_field_bounds-padding, receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: a field of even size is not centred on a pixel: count from its first pixel
def receptive_field_bounds(layers, index):
    centre, jump, size = 0, 1, 1
    for k, s, p, d in layers:
        centre += ((k - 1) * d // 2 - p) * jump
        size += (k - 1) * d * jump
        jump *= s
    centre += index * jump
    return centre - size // 2, centre + size // 2
