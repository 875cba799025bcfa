# The entry is measured with a picture of zeros; pooling before ReLU, which is the same.
class ConvNet(nn.Module):
    def __init__(self, in_channels=1, image_size=28, num_classes=10):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5), nn.MaxPool2d(2), nn.ReLU(),
            nn.Conv2d(6, 16, 5), nn.MaxPool2d(2), nn.ReLU(),
        )
        with torch.no_grad():
            maps = self.body(torch.zeros(1, in_channels, image_size, image_size))
        self.linear_entry_dim = maps.shape[-1]
        self.head = nn.Sequential(
            nn.Flatten(), nn.Linear(maps.numel(), 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, images):
        return self.head(self.body(images))
