# Adam with a learning rate of 1.
# loses: make_optimizer-learns
# cause: the steps are far too long
epochs = 1


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1.0)
