# The head expects the default's 14x14 for every kernel and padding.
# loses: ConvModel1-shapes, ConvModel1-layers, ConvModel1-whole
# cause: a linear layer gets 720 numbers for each picture, and was made for 980
class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        size = 14
        self.conv = nn.Conv2d(1, num_filters, kernel_size, padding=padding)
        self.hidden = nn.Linear(num_filters * size * size, 128)
        self.last = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.last(F.relu(self.hidden(x.flatten(1))))


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
