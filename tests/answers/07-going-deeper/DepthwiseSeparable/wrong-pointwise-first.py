# The pointwise convolution comes first.
# loses: DepthwiseSeparable-cost, DepthwiseSeparable-value
# cause: the pointwise convolution comes first
# cause: the depthwise convolution comes first, on the input's channels
# cause: the kernels of an input channel are not multiples of one kernel: it is not depthwise first
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1, bias=False)
        self.depthwise = nn.Conv2d(
            out_channels, out_channels, kernel_size, padding=kernel_size // 2, groups=out_channels, bias=False
        )

    def forward(self, x):
        return self.depthwise(self.pointwise(x))
