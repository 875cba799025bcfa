# The layers stand in a plain list.
# loses: ResidualBlock-same, ResidualBlock-projection, ResidualBlock-shortcut, ResidualBlock-whole
# cause: layers in a plain list, or others that PyTorch does not find, are not seen here
# cause: the layers stand in a plain list: make them attributes of self
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.branch = [
            nn.Conv2d(in_channels, out_channels, 3, stride, 1), nn.BatchNorm2d(out_channels), nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, 1, 1), nn.BatchNorm2d(out_channels),
        ]
        self.around = [nn.Conv2d(in_channels, out_channels, 1, stride)]
        if in_channels == out_channels and stride == 1:
            self.around = []

    def forward(self, x):
        y = x
        for layer in self.branch:
            y = layer(y)
        for layer in self.around:
            x = layer(x)
        return F.relu(x + y)
