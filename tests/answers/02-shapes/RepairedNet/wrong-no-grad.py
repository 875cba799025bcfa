# Forward pass without gradients: right numbers, but it cannot learn.
# loses: RepairedNet-trains
# cause: the forward pass cuts the gradient off, by no_grad or detach
class RepairedNet(BrokenNet):
    def __init__(self):
        super().__init__()
        self.features[3] = nn.Conv2d(8, 24, kernel_size=3)
        self.flatten = nn.Flatten()
        self.classifier[0] = nn.Linear(24 * 6 * 6, 64)

    def forward(self, x):
        with torch.no_grad():
            return super().forward(x)
