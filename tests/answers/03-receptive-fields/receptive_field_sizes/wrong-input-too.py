# Puts the input in front of the list.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: the input is in the list; give one size for each layer
def receptive_field_sizes(layers):
    jump, sizes = 1, [1]
    for kernel_size, stride, dilation in layers:
        sizes.append(sizes[-1] + (kernel_size - 1) * dilation * jump)
        jump *= stride
    return sizes
