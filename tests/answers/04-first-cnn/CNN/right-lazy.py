# Lets PyTorch find the linear layer's entry at the first pass.
class CNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        self.stem = nn.Conv2d(in_channels, 8, 3, padding="same")
        self.body = nn.Conv2d(8, 16, 3, padding="valid")
        self.pool = nn.MaxPool2d(2)
        self.act = nn.ReLU()
        self.head = nn.LazyLinear(num_classes)
        self(torch.zeros(1, in_channels, 28, 28))

    def forward(self, x):
        x = self.pool(self.act(self.stem(x)))
        x = self.pool(self.act(self.body(x)))
        return self.head(torch.flatten(x, 1))
