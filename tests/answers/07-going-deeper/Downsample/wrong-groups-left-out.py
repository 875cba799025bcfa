# Half right: groups are left out.
# loses: Downsample-count-hard
# cause: the groups are left out
# cause: with groups=3 a kernel reads a third of the channels
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
        return layer.in_features * layer.out_features
    if not isinstance(layer, nn.Conv2d):
        return 0
    out = layer(torch.zeros(1, *in_shape))
    return out.shape[2] * out.shape[3] * layer.in_channels * layer.out_channels * layer.kernel_size[0] * layer.kernel_size[1]
