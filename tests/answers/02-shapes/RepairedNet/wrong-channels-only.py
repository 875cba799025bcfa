# Mends the channels only.
# loses: RepairedNet-batch, RepairedNet-features, RepairedNet-whole, RepairedNet-trains
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
