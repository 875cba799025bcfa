# Computes with tensors and lets broadcasting do the pairs.
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    n, k, s, p, d = map(torch.tensor, (size, kernel_size, stride, padding, dilation))
    room = n + 2 * p - d * (k - 1) - 1
    if (room < 0).any():
        raise ValueError(f"a kernel of {kernel_size} does not fit into {size} pixels")
    windows = torch.div(room, s, rounding_mode="floor") + 1
    return windows if windows.dim() == 0 else windows.tolist()
