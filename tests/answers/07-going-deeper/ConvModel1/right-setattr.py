# Attributes by setattr in a loop, and a shared head as a function.
def make_head(entry):
    return nn.Sequential(nn.Flatten(), nn.Linear(entry, 128), nn.ReLU(inplace=True), nn.Linear(128, 10))


class ConvModel1(nn.Module):
    def __init__(self, num_filters=32, kernel_size=5, padding=2):
        super().__init__()
        for name, layer in (("conv", nn.Conv2d(1, num_filters, kernel_size, padding=padding)), ("pool", nn.MaxPool2d(2))):
            setattr(self, name, layer)
        entry = self.pool(self.conv(torch.zeros(1, 1, 28, 28))).numel()
        self.head = make_head(entry)

    def forward(self, x):
        return self.head(self.pool(F.relu(self.conv(x), inplace=True)))


class ConvModel2(nn.Module):
    def __init__(self, f1=32, f2=64):
        super().__init__()
        self.head = make_head(f2 * 196)
        for place, (inside, outside) in enumerate(((1, f1), (f1, f2))):
            setattr(self, f"conv{place}", nn.Conv2d(inside, outside, 3, padding="same"))

    def forward(self, x):
        for place in range(2):
            x = getattr(self, f"conv{place}")(x).relu()
        return self.head(x.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1)))
