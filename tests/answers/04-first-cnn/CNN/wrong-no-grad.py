# Forward pass without gradients: right numbers, but it cannot learn.
# loses: CNN-trains
# cause: gradients are switched off in the forward pass
class CNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(in_channels, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Flatten(), nn.Linear(784, num_classes))

    @torch.no_grad()
    def forward(self, x):
        return self.net(x)
