# Half right: the output's size without stride and dilation.
# loses: Downsample-count-hard
# cause: the stride is left out
# cause: the stride is left out: these are the positions of the input
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        if kind == "max":
            self.layer = nn.MaxPool2d(2)
        else:
            self.layer = nn.Conv2d(channels, channels, 2, stride=2)

    def forward(self, x):
        return self.layer(x)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Linear):
        return layer.weight.numel()
    if not isinstance(layer, nn.Conv2d):
        return 0
    height, width = (in_shape[i + 1] + 2 * layer.padding[i] - layer.kernel_size[i] + 1 for i in range(2))
    return layer.weight.numel() * height * width
