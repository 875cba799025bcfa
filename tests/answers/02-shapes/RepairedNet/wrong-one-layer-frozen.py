# Half right: the first convolution is frozen.
# cause: parameters that are frozen
# loses: RepairedNet-trains
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=5, padding=2).requires_grad_(False), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 24, kernel_size=3), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(864, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.classifier(self.features(x))
