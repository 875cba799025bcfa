# Returns a pair even where all arguments are ints.
# loses: conv_output_size-plain, conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs, conv_output_size-too-large
# cause: all arguments are ints, so return an int
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    args = (size, kernel_size, stride, padding, dilation)
    pairs = [a if isinstance(a, tuple) else (a, a) for a in args]
    result = []
    for n, k, s, p, d in zip(*pairs):
        room = n + 2 * p - d * (k - 1) - 1
        if room < 0:
            raise ValueError("too large")
        result.append(room // s + 1)
    return tuple(result)
