# Forgets to flatten: the linear layer reads rows of 28.
# loses: matched_mlp-network
# cause: has shape
def matched_mlp(parameters):
    hidden = round((parameters - 10) / 39)
    return nn.Sequential(nn.Linear(28, hidden), nn.ReLU(), nn.Linear(hidden, 10))
