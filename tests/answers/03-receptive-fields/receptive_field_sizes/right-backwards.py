# For each layer walks backwards from one unit: r = (r - 1) * s + extent.
def receptive_field_sizes(layers):
    def size_behind(depth):
        size = 1
        for kernel_size, stride, dilation in layers[:depth][::-1]:
            size = (size - 1) * stride + dilation * (kernel_size - 1) + 1
        return size

    return [size_behind(depth + 1) for depth in range(len(layers))]
