# A full convolution.
# loses: DepthwiseSeparable-cost, DepthwiseSeparable-value
# cause: this is a full convolution
# cause: the kernels of an input channel are not multiples of one kernel: it is not depthwise first
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, padding=kernel_size // 2)

    def forward(self, x):
        return self.conv(x)
