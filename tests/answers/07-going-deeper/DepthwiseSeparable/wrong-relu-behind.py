# Half right: a ReLU behind the two.
# loses: DepthwiseSeparable-value
# cause: it is not linear: an activation or a normalisation is in it, and none is wanted
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2, groups=in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        x = self.depthwise(x)
        return F.relu(self.pointwise(x))
