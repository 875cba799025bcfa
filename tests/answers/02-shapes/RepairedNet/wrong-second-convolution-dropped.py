# Drops the layer that did not fit.
# loses: RepairedNet-channels, RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: a convolution was dropped: keep both
# cause: a layer was dropped: keep both
# cause: a layer is no attribute of the network: dropped, or made in every forward pass
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.MaxPool2d(2))
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(nn.Linear(8 * 7 * 7, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, x):
        return self.classifier(self.flatten(self.features(x)))
