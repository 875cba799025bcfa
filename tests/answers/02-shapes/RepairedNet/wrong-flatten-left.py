# Half right: leaves Flatten(start_dim=0), which runs for a batch of one.
# loses: RepairedNet-batch, RepairedNet-whole, RepairedNet-trains
# cause: Flatten takes the batch axis too: it must leave axis 0 alone
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.classifier[0] = nn.Linear(24 * 6 * 6, 64)
