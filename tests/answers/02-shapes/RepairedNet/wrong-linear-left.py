# Half right: leaves the linear layer's 7 by 7.
# loses: RepairedNet-features, RepairedNet-whole, RepairedNet-trains
# cause: 7 by 7 would be right with padding=1 in the second convolution, which has none
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.flatten = nn.Flatten()
