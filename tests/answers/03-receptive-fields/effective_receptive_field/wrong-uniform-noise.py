# Half right: uniform random numbers.
# loses: effective_receptive_field-average
# cause: no picture has a pixel above 1: draw from the standard normal distribution, torch.randn
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.rand(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed)).requires_grad_()
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
