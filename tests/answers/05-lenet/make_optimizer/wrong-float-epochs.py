# Epochs as 3.0.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: an int from 1 to 10
epochs = 3.0


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=2e-3)
