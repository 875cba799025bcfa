# Trained on the test pictures.
# loses: ColourNet-fair
# cause: trained on the test
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
test_tinted = loader("cifar-10", "test")
colour_model = train(
    ColourNet(),
    TensorLoader((test_tinted.images, test_tinted.labels), 32, shuffle=True, **NORMALISED["cifar-10"]),
    8,
    0.006,
)
