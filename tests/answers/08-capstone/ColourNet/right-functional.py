# A ModuleList; max pooling; no biases before batch normalisation.
class ColourNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        sizes = (3, 16, 32, 64)
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, padding=1, bias=False) for a, b in zip(sizes, sizes[1:]))
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for b in sizes[1:])
        self.head = nn.Linear(64 * 4 * 4, num_classes)

    def forward(self, x):
        x = F.avg_pool2d(x, 2)
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
            x = F.max_pool2d(x, 2) if x.shape[1] > 16 else x
        return self.head(x.flatten(1))


colour_model = train(ColourNet(), tinted, epochs=3, learning_rate=0.01)
