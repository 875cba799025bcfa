# One optimizer for every call, of the first model.
# loses: make_optimizer-contract
# cause: must hold the parameters of the model
epochs = 3


def make_optimizer(model):
    kept = globals().setdefault("kept_optimizers", [])
    kept.append(torch.optim.Adam(model.parameters(), lr=2e-3))
    return kept[0]
