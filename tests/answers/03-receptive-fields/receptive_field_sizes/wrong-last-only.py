# Returns the last size only.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
def receptive_field_sizes(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
    return size
