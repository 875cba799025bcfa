# Uses the positions of the input.
# loses: Downsample-count, Downsample-count-hard
# cause: the positions of the input are counted
# cause: count the positions of the output, not of the input
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
        return layer.in_features * layer.out_features
    if not isinstance(layer, nn.Conv2d):
        return 0
    out = layer(torch.zeros(1, *in_shape))
    return in_shape[1] * in_shape[2] * layer.weight.numel()
