# Half right: two hidden layers, and no activation between the second and the last.
# loses: matched_mlp-network
# cause: follow each other without an activation
def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.Linear(second, 10)
    )
