# Prints the size and returns nothing.
# loses: conv_output_size-plain, conv_output_size-stride, conv_output_size-dilation, conv_output_size-pairs, conv_output_size-too-large
# cause: without `return`
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    print((size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1)
