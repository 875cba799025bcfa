# Returns a function and no module.
def matched_mlp(parameters):
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    network = nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
    return lambda x: network(x)
