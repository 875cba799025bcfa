# Maximises the loss.
# loses: make_optimizer-learns
# cause: uphill
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, maximize=True)
