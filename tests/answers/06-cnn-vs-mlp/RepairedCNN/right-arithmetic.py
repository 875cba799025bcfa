# ReLU by arithmetic: the larger of x and zero, and x where it is above zero.
class RepairedCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 32, 3), nn.Conv2d(32, 64, 1), nn.Conv2d(64, 4, 5)])
        self.classifier = nn.Linear(36, 10)

    def forward(self, x):
        for convolution, pool in zip(self.convs, (dict(kernel_size=2), dict(kernel_size=2, padding=1), None, None)):
            x = convolution(x)
            if convolution is not self.convs[3]:
                x = torch.maximum(x, torch.zeros_like(x))
            x = F.max_pool2d(x, **pool) if pool else x
        return self.classifier(x.reshape(len(x), 36))


class RepairedMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 16)
        self.output = nn.Linear(16, 10)

    def forward(self, x):
        return self.output((lambda h: h * (h > 0))(self.hidden(x.flatten(1))))
