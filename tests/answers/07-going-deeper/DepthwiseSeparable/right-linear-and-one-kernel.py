# The two folded into one full kernel in every pass.
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.around = nn.Parameter(torch.randn(1, in_channels, kernel_size, kernel_size))
        self.mix = nn.Parameter(torch.randn(out_channels, in_channels, 1, 1))

    def forward(self, x):
        return F.conv2d(x, self.around * self.mix, padding=self.around.shape[-1] // 2)
