# The shortcut is added twice.
# cause: the shortcut is added twice
class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, 1, bias=False)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, 1, 1, bias=False)
        self.norm1, self.norm2 = nn.BatchNorm2d(out_channels), nn.BatchNorm2d(out_channels)
        self.project = None
        if stride != 1 or in_channels != out_channels:
            self.project = nn.Conv2d(in_channels, out_channels, 1, stride)

    def forward(self, x):
        maps = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(maps + 2 * (x if self.project is None else self.project(x)))
