# Half right: a ReLU in place of the absolute value.
# loses: effective_receptive_field-signs, effective_receptive_field-zero
# cause: negative gradients were dropped: take their absolute value
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].relu().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
