# Lambda, divmod, and an error by a helper.
def _refuse(*numbers):
    raise ValueError(f"the kernel does not fit: {numbers}")


_axis = lambda n, k, s, p, d: divmod(n + 2 * p - d * (k - 1) - 1 + s, s)[0] if n + 2 * p > d * (k - 1) else _refuse(n, k)


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    given = [size, kernel_size, stride, padding, dilation]
    if set(map(type, given)) == {int}:
        return _axis(*given)
    return tuple(_axis(*[g if type(g) is int else g[i] for g in given]) for i in (0, 1))
