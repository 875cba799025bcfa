# Walks from window to window.
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    stride = kernel_size if stride is None else stride
    start, reach, windows = -padding, dilation * (kernel_size - 1), 0
    while start + reach < size + padding or (ceil_mode and start < size and start + reach - stride < size + padding - 1):
        windows, start = windows + 1, start + stride
    return windows
