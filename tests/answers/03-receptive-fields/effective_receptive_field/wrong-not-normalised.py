# Half right: leaves the division by the maximum out.
# loses: effective_receptive_field-linear, effective_receptive_field-signs, effective_receptive_field-average, effective_receptive_field-modes, effective_receptive_field-zero
# cause: the division by the maximum is missing
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    return g[:, 0].abs().mean(0)
