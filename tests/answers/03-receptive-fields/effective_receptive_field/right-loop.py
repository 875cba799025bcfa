# One picture after the other; the global generator is seeded and put back.
def effective_receptive_field(model, input_size, samples, seed=0):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    total = torch.zeros(input_size)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for _ in range(samples):
            x = torch.randn(1, 1, *input_size, requires_grad=True)
            out = model(x)[0]
            unit = out[:, out.shape[1] // 2, out.shape[2] // 2].sum()
            total += torch.autograd.grad(unit, x)[0].abs()[0, 0]
    for m, mode in modes.items():
        m.training = mode
    if total.max() == 0:
        return total
    return total / total.max()
