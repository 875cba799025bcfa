# No epoch at all.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: at most ten epochs are allowed
# cause: an int from 1 to 10
epochs = 0


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=2e-3)
