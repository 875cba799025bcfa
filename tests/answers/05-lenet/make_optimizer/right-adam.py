# Adam, three epochs.
epochs = 3


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=2e-3)
