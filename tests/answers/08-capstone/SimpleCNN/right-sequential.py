# Two Sequentials; Adam in a loop of its own, left on the device.
class SimpleCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, kernel_size=3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, kernel_size=3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(1568, 32), nn.ReLU(), nn.Linear(32, n_classes))

    def forward(self, images):
        return self.classifier(self.features(images))


mnist_model = SimpleCNN().to(digits.device, memory_format=torch.channels_last)
optimizer = torch.optim.Adam(mnist_model.parameters(), lr=0.004, fused=True)
decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=3 * len(digits))
for epoch in range(3):
    for images, labels in digits:
        optimizer.zero_grad()
        F.cross_entropy(mnist_model(images), labels, label_smoothing=0.1).backward()
        optimizer.step()
        decay.step()
