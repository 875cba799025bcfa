# Counts the places where a window can start.
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    if any(isinstance(a, tuple) for a in (size, kernel_size, stride, padding, dilation)):
        out = []
        for axis in (0, 1):
            at = lambda v: v[axis] if isinstance(v, tuple) else v
            out.append(conv_output_size(at(size), at(kernel_size), at(stride), at(padding), at(dilation)))
        return tuple(out)
    offsets = range(0, kernel_size * dilation, dilation)
    starts = [i for i in range(-padding, size + padding, stride) if i + offsets[-1] < size + padding]
    if not starts:
        raise ValueError("no window fits")
    return len(starts)
