# No padding.
# loses: DepthwiseSeparable-shapes, DepthwiseSeparable-value
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=0, groups=in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        x = self.depthwise(x)
        return self.pointwise(x)
