# Lists the starts of the windows.
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    step = kernel_size if stride is None else stride
    extent = dilation * (kernel_size - 1) + 1
    starts, start = [], -padding
    while start + extent <= size + padding:
        starts.append(start)
        start += step
    # The last window reaches the end exactly, or one more may begin.
    if ceil_mode and starts[-1] + extent < size + padding and start < size:
        starts.append(start)
    return len(starts)
