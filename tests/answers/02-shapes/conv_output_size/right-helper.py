# A helper for one axis, and lists of pairs.
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    def pair(value):
        return value if isinstance(value, tuple) else (value, value)

    def one_axis(n, k, s, p, d):
        reach = d * (k - 1)
        if n + 2 * p <= reach:
            raise ValueError("kernel larger than padded input")
        return int((n + 2 * p - reach - 1) / s) + 1

    args = [size, kernel_size, stride, padding, dilation]
    result = tuple(one_axis(*axis) for axis in zip(*[pair(a) for a in args]))
    return result if any(type(a) is tuple for a in args) else result[0]
