# The convolutions are built in a loop; the old form of super().
class RepairedCNN(nn.Module):
    def __init__(self):
        super(RepairedCNN, self).__init__()
        plan = [(1, 16, 3, 1, nn.MaxPool2d(2)), (16, 32, 3, 0, nn.MaxPool2d(2, 2, padding=1)), (32, 64, 1, 0, None)]
        parts = []
        for inputs, outputs, kernel, padding, pool in plan:
            parts += [nn.Conv2d(inputs, outputs, kernel, padding=padding), nn.ReLU()] + ([pool] if pool else [])
        self.net = nn.Sequential(*parts, nn.Conv2d(64, 4, 5), nn.Flatten(), nn.Linear(36, 10))

    def forward(self, x):
        return self.net(x)


class RepairedMLP(RepairedCNN):
    def __init__(self):
        nn.Module.__init__(self)
        self.net = nn.Sequential(nn.Flatten(), *[nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10)])
