# Loses the ReLUs in copying.
# loses: RepairedNet-whole
# cause: the ReLU is gone
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 5, padding=2), nn.MaxPool2d(2), nn.Conv2d(8, 24, 3), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(24 * 6 * 6, 64), nn.Linear(64, 10),
        )

    def forward(self, x):
        return self.layers(x)
