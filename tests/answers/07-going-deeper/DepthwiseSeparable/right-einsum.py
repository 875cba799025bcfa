# The pointwise half by einsum, with a matrix as its parameter.
class DepthwiseSeparable(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__()
        self.depthwise = nn.Conv2d(in_channels, in_channels, kernel_size, padding="same", groups=in_channels)
        self.mix = nn.Parameter(torch.randn(out_channels, in_channels))

    def forward(self, x):
        return torch.einsum("oc,nchw->nohw", self.mix, self.depthwise(x))
