# A Sequential; Adam in a loop of its own.
class BudgetNet(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 12, 5, 2, 2), nn.BatchNorm2d(12), nn.ReLU(),
                         nn.Conv2d(12, 24, 3, 1, 1), nn.BatchNorm2d(24), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(24, 48, 3, 1, 1), nn.BatchNorm2d(48), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(432, 10))


budget_model = BudgetNet().to(garments.device, memory_format=torch.channels_last)
optimizer = torch.optim.Adam(budget_model.parameters(), lr=0.005, fused=True)
decay = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=2 * len(garments))
for epoch in range(2):
    for images, labels in garments:
        optimizer.zero_grad()
        F.cross_entropy(budget_model(images), labels).backward()
        optimizer.step()
        decay.step()
