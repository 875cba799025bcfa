# Divides by the sum in place of the maximum.
# loses: effective_receptive_field-linear, effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-modes
# cause: divide by the largest value, not by the sum
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.sum() if heat.sum() > 0 else heat
