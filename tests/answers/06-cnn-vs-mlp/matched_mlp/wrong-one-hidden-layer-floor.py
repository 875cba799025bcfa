# Half right: one hidden layer, rounded down.
# loses: matched_mlp-any-budget
# cause: one hidden layer
def matched_mlp(parameters):
    hidden = (parameters - 10) // 795
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
