# For stride: a convolution with stride 1 and a pooling.
# loses: Downsample-stride
# cause: stride 1, and something else makes it smaller
class Downsample(nn.Module):
    def __init__(self, kind, channels):
        super().__init__()
        if kind == "max":
            self.layer = nn.MaxPool2d(2)
        else:
            self.layer = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.MaxPool2d(2))

    def forward(self, x):
        return self.layer(x)


def multiply_adds(layer, in_shape):
    if isinstance(layer, nn.Linear):
        return layer.in_features * layer.out_features
    if not isinstance(layer, nn.Conv2d):
        return 0
    out = layer(torch.zeros(1, *in_shape))
    return out.shape[2] * out.shape[3] * layer.weight.numel()
