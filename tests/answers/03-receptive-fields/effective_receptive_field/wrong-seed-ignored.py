# Half right: the seed is not used.
# loses: effective_receptive_field-seed
# cause: the seed is not used
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
