# Axis by axis, with a setting read where it stands.
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    def at(setting, axis):
        return setting if isinstance(setting, int) else setting[axis]

    shape = [out_channels]
    for axis, size in enumerate(in_shape[1:]):
        extent = at(dilation, axis) * (at(kernel_size, axis) - 1) + 1
        shape.append((size + 2 * at(padding, axis) - extent) // at(stride, axis) + 1)
    return tuple(shape)
