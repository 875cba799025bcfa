# Half right: the second layer always has 16 units, so the first goes in steps of 801.
# loses: matched_mlp-plain, matched_mlp-any-budget
def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = 16
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
