# A kernel that does not fit gives 0 places, not an error.
# loses: conv_output_size-too-large
# cause: a kernel that does not fit is an error
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    arguments = (size, kernel_size, stride, padding, dilation)
    if any(isinstance(argument, tuple) for argument in arguments):
        pairs = [argument if isinstance(argument, tuple) else (argument, argument) for argument in arguments]
        return tuple(conv_output_size(*axis) for axis in zip(*pairs))
    return max(0, (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1)
