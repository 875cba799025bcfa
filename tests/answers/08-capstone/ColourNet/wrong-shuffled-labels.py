# Labels drawn at random.
# loses: ColourNet-learns, ColourNet-accuracy, ColourNet-fair
class ColourNet(nn.Module):
    """Colour images (N, 3, 32, 32) -> logits (N, num_classes)."""

    def __init__(self, num_classes=10):
        super().__init__()
        layers = []
        for before, after in ((3, 24), (24, 48), (48, 64)):  # stride 2 halves the size: 16, 8, 4
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, num_classes))

    def forward(self, x):
        return self.layers(x)


colour_model = None
wrong = (tinted.images[:640], tinted.labels[torch.randperm(len(tinted.labels))][:640])
colour_model = train(ColourNet(), TensorLoader(wrong, 32, **NORMALISED["cifar-10"]), 1, 0.006)
