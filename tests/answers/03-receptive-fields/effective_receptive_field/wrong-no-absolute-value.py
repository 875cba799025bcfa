# Averages the signed gradients.
# loses: effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-modes, effective_receptive_field-zero
# cause: the absolute value is missing: a pixel that pushes the unit down counts too
# cause: a division by zero, or memory that was never filled (torch.empty)
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model)
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].mean(0)
    return heat / heat.max()
