# Half right: four weights, nine pixels apart; the box covers the picture, but 16 pixels reach the unit.
# loses: WideNet-every-pixel
# cause: the field has holes: dilation or stride skips pixels that no other layer reaches
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 4, dilation=9), nn.ReLU(), nn.Conv2d(8, 8, 1))

    def forward(self, x):
        return self.net(x)
