# Rounds the budget to thousands first.
# loses: matched_mlp-plain, matched_mlp-any-budget
def matched_mlp(parameters):
    parameters = 1000 * (parameters // 1000)
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
