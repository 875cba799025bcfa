# Depthwise separable, built in a loop, .view; three epochs of plain Adam.
class BudgetNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleList()
        for narrow, wide in ((1, 32), (32, 48), (48, 64)):
            self.stages.append(nn.Sequential(nn.Conv2d(narrow, wide, 3, padding=1), nn.BatchNorm2d(wide), nn.ReLU(inplace=True)))
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        for number, stage in enumerate(self.stages):
            x = F.max_pool2d(stage(x), 2)
        return self.out(x.mean((2, 3)).view(x.size(0), -1))


clock = ComputingTime(limit=120)
budget_model = train(BudgetNet(), garments, epochs=2, learning_rate=0.01)
clock.report()
