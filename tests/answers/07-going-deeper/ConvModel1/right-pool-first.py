# The pooling before the ReLU: the same numbers.
class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        size = (28 + 2 * padding - kernel_size + 1) // 2
        self.conv = nn.Conv2d(1, num_filters, kernel_size, padding=padding)
        self.hidden, self.last = nn.Linear(num_filters * size * size, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv(x), 2))
        return self.last(F.relu(self.hidden(x.flatten(1))))


class ConvModel2(nn.Module):
    def __init__(self, f1=32, f2=64):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, f1, 3, padding=1), nn.Conv2d(f1, f2, 3, padding=1)
        self.hidden, self.last = nn.Linear(f2 * 196, 128), nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.second(F.relu(self.first(x))))
        return self.last(F.relu(self.hidden(F.max_pool2d(x, 2).flatten(1))))
