# Half right: batch norms behind both.
# loses: DepthwiseSeparable-cost, DepthwiseSeparable-value
# cause: it is not linear: an activation or a normalisation is in it, and none is wanted
# cause: two batch norms have weights too; none is wanted
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2, groups=in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1)
        self.norm1, self.norm2 = nn.BatchNorm2d(in_channels), nn.BatchNorm2d(out_channels)

    def forward(self, x):
        x = self.norm1(self.depthwise(x))
        return self.norm2(self.pointwise(x))
