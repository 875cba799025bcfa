# Counts the first layer twice, so about half of the budget is used.
def matched_mlp(parameters):
    first = (parameters // 2 - 186) // 801
    second = 16
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
