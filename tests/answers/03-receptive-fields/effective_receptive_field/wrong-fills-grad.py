# Half right: no copy, and backward() fills the parameters' .grad.
# loses: effective_receptive_field-modes
# cause: backward() filled them: work on a copy, or use torch.autograd.grad
def effective_receptive_field(model, input_size, samples, seed=0):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed)).requires_grad_()
    out = model(x)
    out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    for m, mode in modes:
        m.training = mode
    heat = x.grad[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
