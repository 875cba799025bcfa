# A class for a block, made in a loop.
class Block(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 3, padding="same")

    def forward(self, x):
        return torch.max_pool2d(torch.relu(self.conv(x)), 2)


class CNN(nn.Module):
    def __init__(self, in_channels=1, num_classes=10):
        super().__init__()
        sizes = [in_channels, 8, 16]
        self.blocks = nn.ModuleList([Block(a, b) for a, b in zip(sizes, sizes[1:])])
        self.last = nn.Linear(784, num_classes)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.last(x.reshape(x.size(0), -1))
