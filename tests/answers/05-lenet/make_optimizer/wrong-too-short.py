# Half right: longer steps, but one epoch of them is not enough.
# loses: make_optimizer-learns
# cause: too short or too few
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.05)
