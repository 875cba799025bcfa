# Returns the class, not an object.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: the class was returned
epochs = 1


def make_optimizer(model):
    return torch.optim.Adam
