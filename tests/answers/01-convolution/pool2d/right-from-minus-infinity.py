# Compared number by number, from minus infinity.
def pool2d(x, size, stride=None, mode="max"):
    if stride is None:
        stride = size
    N, C, H, W = x.shape
    h, w = (H - size) // stride + 1, (W - size) // stride + 1
    y = torch.full((N, C, h, w), -torch.inf if mode == "max" else 0.0, dtype=x.dtype)
    for i in range(h):
        for j in range(w):
            for a in range(size):
                for b in range(size):
                    pixel = x[:, :, i * stride + a, j * stride + b]
                    if mode == "max":
                        y[:, :, i, j] = torch.maximum(y[:, :, i, j], pixel)
                    else:
                        y[:, :, i, j] += pixel / size**2
    return y
