# The dilation is applied to the extent and then once more.
def receptive_field_sizes(layers):
    size, jump, sizes = 1, 1, []
    for kernel, stride, dilation in layers:
        extent = dilation * (kernel - 1) + 1
        size += (extent - 1) * dilation * jump
        jump *= stride
        sizes.append(size)
    return sizes
