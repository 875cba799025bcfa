# The depthwise convolution mixes the channels.
# loses: DepthwiseSeparable-cost, DepthwiseSeparable-value
# cause: the depthwise convolution has no groups
# cause: the depthwise convolution needs groups=in_channels
# cause: the kernels of an input channel are not multiples of one kernel: it is not depthwise first
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding=(kernel_size - 1) // 2)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        x = self.depthwise(x)
        return self.pointwise(x)
