# Lists the places where a window may start, on each axis.
def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    _, *sizes = in_shape
    many = [s if hasattr(s, "__len__") else [s] * len(sizes) for s in (kernel_size, stride, padding, dilation)]
    return [out_channels] + [
        len(range(0, n + 2 * p - d * (k - 1), s)) for n, k, s, p, d in zip(sizes, *many)
    ]
