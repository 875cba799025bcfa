# Bends the shapes with an adaptive pooling in place of the second pooling.
# cause: adaptive poolings, which bend any size
# loses: RepairedNet-features, RepairedNet-whole
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.features[5] = nn.AdaptiveMaxPool2d(7)
        self.flatten = nn.Flatten()
