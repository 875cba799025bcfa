# Half right: leaves the last layer out.
# loses: make_optimizer-contract
epochs = 3


def make_optimizer(model):
    return torch.optim.Adam(list(model.parameters())[:-2], lr=2e-3)
