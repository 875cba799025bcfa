# The tutorial's network for every budget.
# loses: matched_mlp-plain, matched_mlp-any-budget
# cause: this is the tutorial's network
def matched_mlp(parameters):
    hidden = 16
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
