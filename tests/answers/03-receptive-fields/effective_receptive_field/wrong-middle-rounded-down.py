# (h - 1) // 2 for the middle; right where the output's sizes are odd.
# loses: effective_receptive_field-linear, effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-modes
# cause: this is the unit before the middle; the middle one is (h // 2, w // 2)
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, (out.shape[2] - 1) // 2, (out.shape[3] - 1) // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
