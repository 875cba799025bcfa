# Optimizes copies of the parameters.
# loses: make_optimizer-contract, make_optimizer-learns
# cause: holds other
# cause: must hold the parameters
epochs = 1


def make_optimizer(model):
    return torch.optim.Adam([p.detach().clone().requires_grad_() for p in model.parameters()], lr=2e-3)
