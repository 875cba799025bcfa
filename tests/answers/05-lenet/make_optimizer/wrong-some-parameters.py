# Half right: leaves the last layer out.
# loses: make_optimizer-contract
# cause: holds only some
# cause: must hold the parameters
# cause: number of the network's parameters
epochs = 3


def make_optimizer(model):
    return torch.optim.Adam(list(model.parameters())[:-2], lr=2e-3)
