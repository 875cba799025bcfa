# Empties the caller's list.
# cause: changed the list that it was given
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    while layers:
        kernel_size, stride, dilation = layers.pop(0)
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes
