# size // kernel_size, right where the windows lie side by side, and nowhere else.
# loses: pool_output_size-options, pool_output_size-ceil, pool_output_size-last-window
# cause: size // kernel_size counts windows side by side only
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return size // kernel_size
