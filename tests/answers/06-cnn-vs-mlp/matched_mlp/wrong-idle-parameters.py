# Fills up the budget with parameters that nothing uses.
# loses: matched_mlp-network
# cause: that do nothing
def matched_mlp(parameters):
    hidden = (parameters - 10) // 795
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, hidden), nn.ReLU(), nn.Linear(hidden, 10))
    model.register_parameter("rest", nn.Parameter(torch.zeros(parameters - 795 * hidden - 10)))
    return model
