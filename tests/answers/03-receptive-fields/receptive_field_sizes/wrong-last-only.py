# Returns the last size only.
# loses: receptive_field_sizes-plain, receptive_field_sizes-stride, receptive_field_sizes-dilation
# cause: this is the last layer's size only; give one for each layer
def receptive_field_sizes(layers):
    size, jump = 1, 1
    for kernel_size, stride, dilation in layers:
        size += (kernel_size - 1) * dilation * jump
        jump *= stride
    return size
