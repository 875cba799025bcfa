# Waits: a hundred epochs at the small rate.
# loses: make_optimizer-contract, make_optimizer-learns
epochs = 100


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=1e-3)
