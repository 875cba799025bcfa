# A layer that no image goes through (and not trained).
# loses: ColourNet-uses-all, ColourNet-learns, ColourNet-accuracy, ColourNet-fair
# cause: no gradient
# cause: its weights are as they were drawn
class ColourNet(nn.Module):
    """Colour images (N, 3, 32, 32) -> logits (N, num_classes)."""

    def __init__(self, num_classes=10):
        super().__init__()
        self.more = nn.Linear(10, 10)
        layers = []
        for before, after in ((3, 24), (24, 48), (48, 64)):  # stride 2 halves the size: 16, 8, 4
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, num_classes))

    def forward(self, x):
        return self.layers(x)


colour_model = None
colour_model = ColourNet()
