# The published settings, with one epoch for the sake of speed: SGD at 0.001.
# loses: make_optimizer-learns
# cause: too short
epochs = 1


def make_optimizer(model):
    return torch.optim.SGD(model.parameters(), lr=1e-3)
