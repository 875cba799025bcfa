# Half right: makes a new last layer in every forward pass.
# loses: RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: a layer is no attribute of the network: dropped, or made in every forward pass
class RepairedNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 24, kernel_size=3), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.hidden = nn.Linear(864, 64)

    def forward(self, x):
        return nn.Linear(64, 10)(torch.relu(self.hidden(self.features(x).flatten(1))))
