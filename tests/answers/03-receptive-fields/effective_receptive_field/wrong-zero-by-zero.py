# Half right: divides zero by zero where nothing arrives.
# loses: effective_receptive_field-zero
# cause: a division by zero, or memory that was never filled (torch.empty)
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed), requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max()
