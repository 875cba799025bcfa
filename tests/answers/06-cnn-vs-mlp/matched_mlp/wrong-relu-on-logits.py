# ReLU behind the last layer too.
# loses: matched_mlp-network
# cause: an activation on the logits
def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10), nn.ReLU()
    )
