# Subtracts the mean of the batch, also in evaluation mode (and not trained).
# loses: BudgetNet-size, BudgetNet-leaderboard, BudgetNet-80, BudgetNet-84, BudgetNet-fair
# cause: computed over the batch
# cause: its weights are as they were drawn
class BudgetNet(nn.Module):
    """Images (N, 1, 28, 28) -> logits (N, 10), with at most 50,000 parameters."""

    def __init__(self):
        super().__init__()
        layers = []
        for before, after in ((1, 16), (16, 32), (32, 64)):  # stride 2 halves the size: 14, 7, 4
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 10))  # few maps of 4x4: a cheap head

    def forward(self, x):
        return self.layers(x - x.mean(0))


clock = ComputingTime(limit=120)
budget_model = None
budget_model = BudgetNet()
clock.report()
