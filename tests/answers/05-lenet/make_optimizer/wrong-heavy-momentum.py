# Momentum so heavy that the steps jump about.
# loses: make_optimizer-learns
# cause: the steps are far too long
# cause: or far too long
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.99)
