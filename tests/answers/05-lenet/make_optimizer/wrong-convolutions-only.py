# Optimizes the convolutions alone.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: must hold the parameters
# cause: holds only some
epochs = 3


def make_optimizer(model):
    return torch.optim.Adam([p for p in model.parameters() if p.dim() in (1, 4)] if any(p.dim() == 4 for p in model.parameters()) else [next(model.parameters())], lr=2e-3)
