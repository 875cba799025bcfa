# The head is one linear layer in the first network.
# loses: ConvModel1-layers, ConvModel1-whole
# cause: the head has two linear layers, with 128 features between them
class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        size = (28 + 2 * padding - kernel_size + 1) // 2
        self.layers = nn.Sequential(
            nn.Conv2d(1, num_filters, kernel_size, padding=padding), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(num_filters * size * size, 10),
        )

    def forward(self, x):
        return self.layers(x)


class ConvModel2(nn.Module):
    def __init__(self, f1=32, f2=64):
        super().__init__()
        self.first = nn.Conv2d(1, f1, 3, padding=1)
        self.second = nn.Conv2d(f1, f2, 3, padding=1)
        self.hidden = nn.Linear(f2 * 14 * 14, 128)
        self.last = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.second(F.relu(self.first(x))))
        x = F.max_pool2d(x, 2).flatten(1)
        return self.last(F.relu(self.hidden(x)))
