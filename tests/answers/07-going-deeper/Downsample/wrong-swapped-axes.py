# Half right: height and width of the input are swapped.
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        self.layer = nn.MaxPool2d(2) if kind == "max" else nn.Conv2d(channels, channels, 2, 2)

    def forward(self, x):
        return self.layer(x)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Conv2d):
        height, width = shapes.conv_output_size(tuple(in_shape[:0:-1]), layer.kernel_size, layer.stride, layer.padding, layer.dilation)
        return layer.weight.numel() * height * width
    return layer.weight.numel() if isinstance(layer, nn.Linear) else 0
