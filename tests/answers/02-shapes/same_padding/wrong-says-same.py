# Hands PyTorch's word to the caller.
# loses: same_padding-plain, same_padding-dilation, same_padding-impossible
# cause: PyTorch would take the word, but a number is asked for
def same_padding(kernel_size, dilation=1):
    return "same"
