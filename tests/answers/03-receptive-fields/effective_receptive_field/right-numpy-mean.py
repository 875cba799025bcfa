# One backward pass for all pictures, collected in `.grad` of the pictures alone.
def effective_receptive_field(model, input_size, samples, seed=0):
    net = copy.deepcopy(model).eval().requires_grad_(False)
    drawn = torch.randn((samples, 1, *input_size), generator=torch.Generator().manual_seed(seed)).requires_grad_()
    maps = net(drawn)
    maps[..., maps.shape[-2] // 2, maps.shape[-1] // 2].sum().backward()
    field = drawn.grad.abs().sum((0, 1)) / samples
    return field / field.max().clamp_min(torch.finfo(field.dtype).tiny)
