# The first pixel by the product of strides, the last by the size of the field.
def receptive_field_bounds(layers, index):
    jump, first, size = 1, 0, 1
    for kernel, stride, padding, dilation in layers:
        first -= padding * jump
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return first + index * jump, first + index * jump + size - 1
