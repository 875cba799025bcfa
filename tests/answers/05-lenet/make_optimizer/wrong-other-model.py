# Optimizes a network of its own, not the one that it is given.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: holds other
# cause: must hold the parameters
epochs = 1


def make_optimizer(model):
    return torch.optim.Adam(ConvNet().parameters(), lr=2e-3)
