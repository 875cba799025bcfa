# Pools to a single number.
# loses: Downsample-max
# cause: shape (2, 5, 1, 1)
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        self.layer = nn.AdaptiveMaxPool2d(1) if kind == "max" else nn.Conv2d(channels, channels, 2, 2)

    def forward(self, x):
        return self.layer(x)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Conv2d):
        height, width = shapes.conv_output_size(tuple(in_shape[1:]), layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        return layer.weight.numel() * height * width
    return layer.weight.numel() if isinstance(layer, nn.Linear) else 0
