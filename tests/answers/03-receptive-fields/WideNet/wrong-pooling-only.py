# Half right: no convolution at all.
# loses: WideNet-shape, WideNet-budget
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.pool = nn.AvgPool2d(28)

    def forward(self, x):
        return self.pool(x)
