# Gives what both ends need together.
# loses: same_padding-plain, same_padding-dilation, same_padding-impossible
# cause: this is what both ends need together; padding counts for each end
def same_padding(kernel_size, dilation=1):
    return dilation * (kernel_size - 1)
