# The pointwise convolution has groups too (where they divide).
# loses: DepthwiseSeparable-cost
# cause: the pointwise convolution has groups too; it should mix all channels
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2, groups=in_channels)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, groups=2 if in_channels % 2 == out_channels % 2 == 0 else 1)

    def forward(self, x):
        x = self.depthwise(x)
        return self.pointwise(x)
