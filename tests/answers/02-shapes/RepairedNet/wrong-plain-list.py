# Keeps the layers in a plain list: they run, but the module has no parameters.
# loses: RepairedNet-channels, RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: the layers stand in a plain list: make them attributes of self
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [
            nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 24, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(24 * 6 * 6, 64), nn.ReLU(), nn.Linear(64, 10),
        ]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
