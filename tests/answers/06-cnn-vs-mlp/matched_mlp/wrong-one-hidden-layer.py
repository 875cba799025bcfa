# Half right: one hidden layer, rounded; too coarse for small budgets.
# loses: matched_mlp-any-budget
# cause: one hidden layer
def matched_mlp(parameters):
    hidden = round((parameters - 10) / 795)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
