# Adds a softmax behind the last layer.
# loses: RepairedNet-whole
# cause: there is a softmax behind the last layer
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(nn.Linear(24 * 6 * 6, 64), nn.ReLU(), nn.Linear(64, 10), nn.Softmax(dim=1))
