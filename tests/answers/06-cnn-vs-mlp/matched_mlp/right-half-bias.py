# One hidden layer where it fits; else the last layer goes without biases and a second layer fills up.
def matched_mlp(parameters):
    units = round((parameters - 10) / 795)
    if abs(795 * units + 10 - parameters) <= parameters / 100:
        return nn.Sequential(nn.Flatten(), nn.Linear(784, units), nn.GELU(), nn.Linear(units, 10))
    first = units - 1
    second = round((parameters - 785 * first) / (first + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.GELU(), nn.Linear(first, second), nn.GELU(), nn.Linear(second, 10, bias=False)
    )
