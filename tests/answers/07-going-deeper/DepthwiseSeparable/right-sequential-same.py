# A subclass of Sequential, padding='same', no biases.
class DepthwiseSeparable(nn.Sequential):
    def __init__(self, in_channels, out_channels, kernel_size):
        super().__init__(
            nn.Conv2d(in_channels, in_channels, kernel_size, padding="same", groups=in_channels, bias=False),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
        )
