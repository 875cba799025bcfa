# Calls course_utils's own function, which is blocked.
# loses: pool_output_size-plain, pool_output_size-options, pool_output_size-ceil, pool_output_size-last-window
# cause: is what you are asked to write here
def pool_output_size(size, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    return shapes.pool_output_size(size, kernel_size, stride, padding, dilation, ceil_mode)
