# Half right: takes the kernel for a square.
# loses: Downsample-count-hard
# cause: the kernel is taken for a square
# cause: the kernel is 3 by 5, not square
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
    return out.shape[2] * out.shape[3] * layer.in_channels // layer.groups * layer.out_channels * layer.kernel_size[0] ** 2
