# The second network keeps its layers in a plain list.
# loses: ConvModel1-two, ConvModel1-two-whole
# cause: no layer is an attribute of self or part of an nn.Sequential, so the network has no parameters
# cause: no layer is an attribute of self or part of an nn.Sequential
class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        size = (28 + 2 * padding - kernel_size + 1) // 2
        self.conv = nn.Conv2d(1, num_filters, kernel_size, padding=padding)
        self.hidden = nn.Linear(num_filters * size * size, 128)
        self.last = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv(x)), 2)
        return self.last(F.relu(self.hidden(x.flatten(1))))


class ConvModel2(nn.Module):
    def __init__(self, f1=32, f2=64):
        super().__init__()
        self.layers = [
            nn.Conv2d(1, f1, 3, padding=1), nn.ReLU(), nn.Conv2d(f1, f2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(f2 * 196, 128), nn.ReLU(), nn.Linear(128, 10),
        ]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
