# Half right: draws one picture, whatever samples says.
# loses: effective_receptive_field-average
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(1, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[0, 0].abs()
    return heat / heat.max() if heat.max() > 0 else heat
