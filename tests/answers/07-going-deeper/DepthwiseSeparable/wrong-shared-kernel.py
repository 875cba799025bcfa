# One kernel for all channels.
# cause: the number of
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(1, 1, kernel_size, padding=kernel_size // 2)
        self.pointwise = nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x.flatten(0, 1)[:, None]).reshape(x.shape))
