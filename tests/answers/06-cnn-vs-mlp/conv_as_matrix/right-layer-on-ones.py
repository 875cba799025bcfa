# Calls the layer itself on images with a single 1, and takes the bias off again.
def conv_as_matrix(conv, in_shape):
    columns = []
    with torch.no_grad():
        empty = torch.zeros(in_shape, dtype=conv.weight.dtype)
        nothing = conv(empty)
        for k in range(empty.numel()):
            image = empty.clone()
            image.view(-1)[k] = 1
            columns.append((conv(image) - nothing).flatten())
    return torch.stack(columns, dim=1)
