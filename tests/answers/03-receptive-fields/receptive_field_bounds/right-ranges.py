# Ranges of units, from the last layer to the first; returned as a list.
def receptive_field_bounds(layers, index):
    seen = range(index, index + 1)
    for kernel, stride, padding, dilation in layers[::-1]:
        seen = range(seen[0] * stride - padding, seen[-1] * stride - padding + dilation * (kernel - 1) + 1)
    return [seen[0], seen[-1]]
