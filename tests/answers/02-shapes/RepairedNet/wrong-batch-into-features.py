# Makes the shapes of a batch of 4 fit: in_features = 4 * 864.
# loses: RepairedNet-batch, RepairedNet-features, RepairedNet-whole
# cause: Flatten takes the batch axis too: it must leave axis 0 alone
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.classifier[0] = nn.Linear(4 * 24 * 6 * 6, 64)
