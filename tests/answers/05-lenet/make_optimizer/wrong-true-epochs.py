# True for one epoch.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: an int from 1 to 10
epochs = True


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=2e-3)
