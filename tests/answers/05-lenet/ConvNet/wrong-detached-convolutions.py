# Detaches the maps, so that the convolutions never learn.
# loses: ConvNet-trains
class ConvNet(nn.Module):
    def __init__(self, in_channels=1, image_size=28, num_classes=10):
        super().__init__()
        self.linear_entry_dim = ((image_size - 4) // 2 - 4) // 2
        self.conv1, self.conv2 = nn.Conv2d(in_channels, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * self.linear_entry_dim**2, 120)
        self.fc2, self.fc3 = nn.Linear(120, 84), nn.Linear(84, num_classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1).detach()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))
