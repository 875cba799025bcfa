# No activation between the layers.
# loses: matched_mlp-network
# cause: without an activation
# cause: no activation
def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return nn.Sequential(nn.Flatten(), nn.Linear(784, first), nn.Linear(first, second), nn.Linear(second, 10))
