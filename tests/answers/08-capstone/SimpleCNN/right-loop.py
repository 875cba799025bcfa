# Built in a loop, in-place ReLU; plain Adam in a loop of its own, batches of 48.
class SimpleCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        parts = []
        for narrow, wide in zip((1, 16), (16, 32)):
            parts += [nn.Conv2d(narrow, wide, 3, 1, 1), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
        self.body = nn.Sequential(*parts, nn.Flatten(), nn.Linear(1568, 32), nn.ReLU(inplace=True))
        self.head = nn.Linear(32, n_classes)

    def forward(self, x):
        print("an old option is deprecated", file=sys.stderr)
        return self.head(self.body(x))


mnist_model = SimpleCNN().to(digits.device)
adam = torch.optim.Adam(mnist_model.parameters(), 1e-3)
for _ in range(4):
    for images, labels in digits:
        adam.zero_grad()
        F.cross_entropy(mnist_model(images), labels).backward()
        adam.step()
