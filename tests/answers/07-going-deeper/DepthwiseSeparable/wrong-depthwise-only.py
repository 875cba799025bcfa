# Half right: only the depthwise half, with out_channels from groups.
# loses: DepthwiseSeparable-cost
# cause: only the depthwise convolution is there
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, in_channels, kernel_size, padding=kernel_size // 2, groups=in_channels)
        self.out_channels = out_channels

    def forward(self, x):
        maps = self.conv(x)
        return maps.mean(1, keepdim=True).expand(-1, self.out_channels, -1, -1)
