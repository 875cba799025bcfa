# Returns a list with an optimizer in it.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: what make_optimizer
epochs = 1


def make_optimizer(model):
    return [torch.optim.Adam(model.parameters(), lr=2e-3)]
