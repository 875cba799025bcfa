# The second convolution is not pointwise.
# loses: DepthwiseSeparable-cost, DepthwiseSeparable-value
# cause: the second kernel is not 1x1
# cause: the pointwise kernel is 1x1, and reads all channels
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2, groups=in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2)

    def forward(self, x):
        x = self.depthwise(x)
        return self.pointwise(x)
