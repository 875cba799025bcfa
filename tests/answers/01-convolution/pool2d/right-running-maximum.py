# Compares shifted slices, starting from minus infinity.
def pool2d(x, size, stride=None, mode="max"):
    step = size if stride is None else stride
    bottom, right = x.shape[2] - size + 1, x.shape[3] - size + 1
    slices = [x[:, :, a:a + bottom:step, b:b + right:step] for a in range(size) for b in range(size)]
    best = torch.full_like(slices[0], float("-inf"))
    for piece in slices:
        best = torch.maximum(best, piece)
    return best if mode == "max" else sum(slices) / len(slices)
