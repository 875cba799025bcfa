# Pads the convolutions, as the first of 1998's networks did with its images.
# loses: ConvNet-plain, ConvNet-layers, ConvNet-values, ConvNet-sizes
# cause: are padded
# cause: takes 4 pixels off each time
class ConvNet(nn.Module):
    def __init__(self, in_channels=1, image_size=28, num_classes=10):
        super().__init__()
        self.linear_entry_dim = image_size // 2 // 2
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
        self.classifier = nn.Sequential(
            nn.Linear(16 * self.linear_entry_dim**2, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
            nn.Linear(84, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x))
