# The extent of each kernel, without the layers before.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: each layer by itself; the units it reads have a window too
def receptive_field_sizes(layers):
    return [(k - 1) * d + 1 for k, s, d in layers]
