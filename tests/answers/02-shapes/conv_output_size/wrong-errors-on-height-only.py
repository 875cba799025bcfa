# Half right: of a pair it checks the height only.
# loses: conv_output_size-too-large
# cause: returned
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
    sizes = tuple((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, s, p, d in zip(*pairs))
    if sizes[0] < 1:
        raise ValueError(f"no window fits: {sizes}")
    return sizes if any(isinstance(a, tuple) for a in args) else sizes[0]
