# Half right: 800 pictures, two epochs.
# loses: ColourNet-accuracy
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
first = (tinted.images[:800], tinted.labels[:800])
colour_model = train(ColourNet(), TensorLoader(first, 32, shuffle=True, seed=0, **NORMALISED["cifar-10"]), 2, 0.006)
