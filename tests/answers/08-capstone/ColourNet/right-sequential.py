# A Sequential; Adam in a loop of its own, left in training mode.
class ColourNet(nn.Sequential):
    def __init__(self, num_classes=10):
        block = lambda a, b, **how: [nn.Conv2d(a, b, 3, padding=1, **how), nn.BatchNorm2d(b), nn.ReLU()]
        super().__init__(*block(3, 16, stride=2), *block(16, 32), nn.MaxPool2d(2), *block(32, 64), nn.AdaptiveAvgPool2d(4),
                         nn.Flatten(), nn.Linear(1024, num_classes))


colour_model = ColourNet().to(tinted.device, memory_format=torch.channels_last)
optimizer = torch.optim.Adam(colour_model.parameters(), lr=0.004, fused=True)
decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=2 * len(tinted))
for epoch in range(2):
    for images, labels in tinted:
        optimizer.zero_grad()
        F.cross_entropy(colour_model(images), labels).backward()
        optimizer.step()
        decay.step()
