# Takes the budget for the number of pixels that the hidden layer reads.
# loses: matched_mlp-plain, matched_mlp-any-budget
def matched_mlp(parameters):
    hidden = round(parameters / 28)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
