# Changes the number of kernels in the first convolution to 16.
# loses: RepairedNet-channels
# cause: the mend changed the number of filters: keep 8, and change what the second convolution expects
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[0] = nn.Conv2d(1, 16, kernel_size=5, padding=2)
        self.flatten = nn.Flatten()
        self.classifier[0] = nn.Linear(24 * 6 * 6, 64)
