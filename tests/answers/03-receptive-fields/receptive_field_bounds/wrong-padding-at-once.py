# Half right: subtracts all the padding at the end, as if no stride had stretched it.
# loses: receptive_field_bounds-stride, receptive_field_bounds-dilation
# cause: padding is subtracted in each layer, where the strides below stretch it
def receptive_field_bounds(layers, index):
    first = last = index
    for k, s, p, d in reversed(layers):
        first = first * s
        last = last * s + (k - 1) * d
    padding = sum(layer[2] for layer in layers)
    return first - padding, last - padding
