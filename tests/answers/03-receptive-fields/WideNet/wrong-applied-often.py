# Half right: one convolution, applied fourteen times.
# loses: WideNet-budget
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.again = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        x = self.stem(x)
        for _ in range(13):
            x = self.again(x)
        return x
