# Half right: fourteen kernels of 3 do it, but six are allowed.
# loses: WideNet-budget
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), *(nn.Conv2d(4, 4, 3, padding=1) for _ in range(13)))

    def forward(self, x):
        return self.net(x)
