# forward does not return anything.
# loses: WideNet-shape, WideNet-every-pixel
# cause: the function ends without `return`
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 28)

    def forward(self, x):
        self.conv(x)
