# Strides in place of pooling, batch normalisation, and a functional ReLU.
class WideNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 6, 4, stride=2, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.second = nn.Conv2d(6, 8, 4, stride=2, padding=1)
        self.third = nn.Conv2d(8, 10, 7, padding=3)

    def forward(self, x):
        x = torch.relu(self.norm(self.first(x)))
        return self.third(torch.relu(self.second(x)))
