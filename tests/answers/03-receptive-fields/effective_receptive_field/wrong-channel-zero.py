# Half right: the unit's first channel only.
# loses: effective_receptive_field-signs
# cause: this is channel 0 alone: sum the channels of the unit
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, 0, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
