# divmod gives half and rest at once.
def same_padding(kernel_size, dilation=1):
    half, rest = divmod((kernel_size - 1) * dilation, 2)
    if rest:
        raise ValueError("no symmetric padding")
    return half
