# All axes at once, as tensors; returns a torch.Size.
import torch


def conv_output_shape(in_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    n, k, s, p, d = (torch.as_tensor(given) for given in (in_shape[1:], kernel_size, stride, padding, dilation))
    sizes = torch.div(n + 2 * p - d * (k - 1) - 1, s, rounding_mode="floor") + 1
    return torch.Size([out_channels, *sizes.tolist()])
