# The number that is farthest from zero.
# loses: Downsample-max
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        self.layer = nn.MaxPool2d(2) if kind == "max" else nn.Conv2d(channels, channels, 2, 2)

    def forward(self, x):
        return self.layer(x) if not isinstance(self.layer, nn.MaxPool2d) else F.max_pool2d(x.abs(), 2)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Conv2d):
        height, width = shapes.conv_output_size(tuple(in_shape[1:]), layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        return layer.weight.numel() * height * width
    return layer.weight.numel() if isinstance(layer, nn.Linear) else 0
