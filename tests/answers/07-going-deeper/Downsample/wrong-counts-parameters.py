# Counts the parameters, not the computation.
# loses: Downsample-count, Downsample-count-hard
# cause: this is the number of parameters
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
    return sum(parameter.numel() for parameter in layer.parameters())
