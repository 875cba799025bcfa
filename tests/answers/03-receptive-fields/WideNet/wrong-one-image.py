# Half right: works for one image at a time.
# loses: WideNet-shape, WideNet-every-pixel
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 28)

    def forward(self, x):
        return self.conv(x[:1])
