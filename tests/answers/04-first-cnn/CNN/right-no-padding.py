# Padding 0, everything in one nn.Sequential, kernels without bias.
class CNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        layers = []
        channels = in_channels
        for kernels in (8, 16):
            layers += [nn.Conv2d(channels, kernels, (3, 3), bias=False), nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)]
            channels = kernels
        self.net = nn.Sequential(*layers, nn.Flatten(), nn.Linear(16 * 5 * 5, num_classes))

    def forward(self, x):
        return self.net(x)
