# Two hidden layers of equal width, counted without the weights between them.
# loses: matched_mlp-plain, matched_mlp-any-budget
def matched_mlp(parameters):
    hidden = round(parameters / 795)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 10)
    )
