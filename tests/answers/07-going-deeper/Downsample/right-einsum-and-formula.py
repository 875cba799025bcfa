# Blocks by unfold for the maximum; the count by a formula of its own, with math.prod.
import math


class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, (2, 2), stride=(2, 2), bias=False) if kind == "stride" else None

    def forward(self, x):
        if self.conv is not None:
            return self.conv(x)
        return x.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4).max(dim=4).values


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Linear):
        return layer.in_features * layer.out_features
    if not isinstance(layer, nn.Conv2d):
        return 0
    sizes = [
        (size + 2 * p - d * (k - 1) - 1) // s + 1
        for size, k, s, p, d in zip(in_shape[1:], layer.kernel_size, layer.stride, layer.padding, layer.dilation)
    ]
    window = math.prod(layer.kernel_size) * layer.in_channels // layer.groups
    return math.prod(sizes) * layer.out_channels * window
