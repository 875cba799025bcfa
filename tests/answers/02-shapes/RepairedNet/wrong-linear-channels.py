# Gives the linear layer the number of maps.
# loses: RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: these are the maps; each has several pixels
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.flatten = nn.Flatten()
        self.classifier[0] = nn.Linear(24, 64)
