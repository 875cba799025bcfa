# Sums the whole output instead of the middle unit.
# loses: effective_receptive_field-linear, effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-modes, effective_receptive_field-zero
# cause: these are the gradients of all units, not of the middle one
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    (g,) = torch.autograd.grad(probe(x).sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
