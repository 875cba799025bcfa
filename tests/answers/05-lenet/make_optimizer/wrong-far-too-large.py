# Half right: a learning rate of 5 jumps about.
# loses: make_optimizer-learns
# cause: too long
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=5.0)
