# Forgets the return.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: without `return`
epochs = 3


def make_optimizer(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
