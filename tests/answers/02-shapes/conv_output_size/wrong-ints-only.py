# Half right: no pairs.
# loses: conv_output_size-pairs, conv_output_size-too-large
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    room = size + 2 * padding - dilation * (kernel_size - 1) - 1
    if room < 0:
        raise ValueError("too large")
    return room // stride + 1
