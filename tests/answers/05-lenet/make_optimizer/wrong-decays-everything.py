# A weight decay so strong that the weights go to zero.
# loses: make_optimizer-learns
# cause: a decay that pulls the weights to zero
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=0.5)
