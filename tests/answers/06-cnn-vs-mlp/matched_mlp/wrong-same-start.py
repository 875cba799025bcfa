# Seeds PyTorch, so every network starts alike.
# loses: matched_mlp-network
# cause: give the same weights
def matched_mlp(parameters):
    torch.manual_seed(0)
    first = (parameters - 186) // 801
    second = round((parameters - 785 * first - 10) / (first + 11))
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 10)
    )
