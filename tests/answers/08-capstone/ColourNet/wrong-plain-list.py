# Layers in a plain list (and not trained).
# loses: ColourNet-shapes, ColourNet-uses-all, ColourNet-learns, ColourNet-accuracy, ColourNet-fair
# cause: plain list
# cause: its weights are as they were drawn
class ColourNet(nn.Module):
    """Colour images (N, 3, 32, 32) -> logits (N, num_classes)."""

    def __init__(self, num_classes=10):
        super().__init__()
        layers = []
        for before, after in ((3, 24), (24, 48), (48, 64)):  # stride 2 halves the size: 16, 8, 4
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = [*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, num_classes)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


colour_model = None
colour_model = ColourNet()
