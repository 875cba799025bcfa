# The maximum, or the sum, of shifted pictures.
def pool2d(x, size, stride=None, mode="max"):
    step = size if stride is None else stride
    rows, columns = (x.shape[-2] - size) // step + 1, (x.shape[-1] - size) // step + 1
    taken = [
        x[..., a:a + (rows - 1) * step + 1:step, b:b + (columns - 1) * step + 1:step]
        for a in range(size)
        for b in range(size)
    ]
    return torch.stack(taken).max(0).values if mode == "max" else torch.stack(taken).mean(0)
