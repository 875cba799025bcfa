# Learning rate 0.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: learning rate 0
# cause: too short
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.0, momentum=0.9)
