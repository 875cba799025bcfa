# Waits: a hundred epochs at the small rate.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: at most ten epochs
# cause: an int from 1 to 10
epochs = 100


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=1e-3)
