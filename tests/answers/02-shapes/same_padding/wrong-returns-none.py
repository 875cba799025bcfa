# Returns None where it should raise.
# cause: same_padding(8) returned None
# loses: same_padding-impossible
def same_padding(kernel_size, dilation=1):
    missing = dilation * (kernel_size - 1)
    return missing // 2 if missing % 2 == 0 else None
