# One optimizer for every call, of the first model.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: must hold the parameters of the model
# cause: holds other parameters than the model's
epochs = 3


def make_optimizer(model):
    kept = globals().setdefault("kept_optimizers", [])
    kept.append(torch.optim.Adam(model.parameters(), lr=2e-3))
    return kept[0]
