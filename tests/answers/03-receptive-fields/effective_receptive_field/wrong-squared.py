# Squared gradients in place of their sizes.
def effective_receptive_field(model, input_size, samples, seed=0):
    probe = copy.deepcopy(model).eval()
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.randn(samples, 1, *input_size, generator=generator, requires_grad=True)
    maps = probe(pictures)
    (gradient,) = torch.autograd.grad(maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2].sum(), pictures)
    field = gradient.square().mean(dim=(0, 1))
    return field / field.max() if field.max() > 0 else field
