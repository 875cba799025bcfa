# Grows before it is trained: more than a new BudgetNet() has, and more than is allowed.
# loses: BudgetNet-size, BudgetNet-leaderboard, BudgetNet-80, BudgetNet-84
# cause: of a new BudgetNet
class BudgetNet(nn.Module):
    """Images (N, 1, 28, 28) -> logits (N, 10), with at most 50,000 parameters."""

    def __init__(self):
        super().__init__()
        layers = []
        for before, after in ((1, 16), (16, 32), (32, 64)):  # stride 2 halves the size: 14, 7, 4
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 4 * 4, 10))  # few maps of 4x4: a cheap head

    def forward(self, x):
        return self.layers(x)


budget_model = BudgetNet()
budget_model.layers.extend([nn.ReLU(), nn.Linear(10, 1000), nn.ReLU(), nn.Linear(1000, 10)])
first = (garments.images[:2000], garments.labels[:2000])
budget_model = train(budget_model, TensorLoader(first, 32, shuffle=True, seed=0, **NORMALISED["fashion-mnist"]), 1, 0.006)
