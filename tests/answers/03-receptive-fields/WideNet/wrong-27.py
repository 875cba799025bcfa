# Field 27: dilations 1, 3, 9, which miss one row and one column.
# loses: WideNet-field, WideNet-every-pixel
# cause: the field is 27x27: too small for 28x28
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(*(nn.Conv2d(1 if d == 1 else 8, 8, 3, padding=d, dilation=d) for d in (1, 3, 9)))

    def forward(self, x):
        return self.net(x)
