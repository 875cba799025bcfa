# Adam at a millionth.
# loses: make_optimizer-learns
# cause: too short
epochs = 1


def make_optimizer(model):
    return torch.optim.Adam(model.parameters(), lr=1e-6)
