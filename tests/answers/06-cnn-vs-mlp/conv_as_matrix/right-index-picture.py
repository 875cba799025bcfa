# Unfolds a picture of the pixels' numbers, and writes the weights where they point.
def conv_as_matrix(conv, in_shape):
    channels, height, width = in_shape
    numbers = torch.arange(1.0, channels * height * width + 1).view(1, *in_shape)
    windows = F.unfold(numbers, conv.kernel_size, conv.dilation, conv.padding, conv.stride)[0].long()
    places = windows.shape[1]
    matrix = torch.zeros(conv.out_channels * places, numbers.numel() + 1, dtype=conv.weight.dtype)
    for out, kernel in enumerate(conv.weight.detach().flatten(1)):
        for place in range(places):
            matrix[out * places + place].index_add_(0, windows[:, place], kernel)
    return matrix[:, 1:]
