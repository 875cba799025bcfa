# The strided convolution doubles the channels.
# loses: Downsample-stride
# cause: axis 1 is
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        if kind == "max":
            self.layer = nn.MaxPool2d(2)
        else:
            self.layer = nn.Conv2d(channels, 2 * channels, 2, stride=2)

    def forward(self, x):
        return self.layer(x)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Linear):
        return layer.in_features * layer.out_features
    if not isinstance(layer, nn.Conv2d):
        return 0
    out = layer(torch.zeros(1, *in_shape))
    return out.shape[2] * out.shape[3] * layer.weight.numel()
