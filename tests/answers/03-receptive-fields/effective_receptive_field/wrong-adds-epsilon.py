# Half right: adds a small number to the maximum, which swallows small gradients.
# loses: effective_receptive_field-zero
# cause: a small number was added to the maximum so as not to divide by zero; treat zero by itself
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / (heat.max() + 1e-8)
