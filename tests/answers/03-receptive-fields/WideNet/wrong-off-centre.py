# The field is 29 pixels wide, but the middle unit sees rows up to 26 only.
# loses: WideNet-field, WideNet-every-pixel
# cause: the field is 29x29, large enough, but it does not lie over the whole picture: mind the padding, and that the middle unit need not look at the middle
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2, padding=2), nn.ReLU(),
                                 nn.Conv2d(8, 8, 5, stride=2, padding=2), nn.ReLU(),
                                 nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))

    def forward(self, x):
        return self.net(x)
