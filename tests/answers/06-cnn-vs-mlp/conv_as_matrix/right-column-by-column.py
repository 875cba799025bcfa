# A loop over the pixels; the layer's answer to an empty image is taken off.
def conv_as_matrix(conv, in_shape):
    empty = torch.zeros(1, *in_shape, dtype=conv.weight.dtype)
    columns = []
    with torch.no_grad():
        for place in range(empty.numel()):
            image = empty.clone()
            image.view(-1)[place] = 1
            columns.append((conv(image) - conv(empty)).flatten())
    return torch.stack(columns, dim=1)
