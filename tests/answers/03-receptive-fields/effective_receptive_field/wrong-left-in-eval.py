# Half right: leaves the model in evaluation mode.
# loses: effective_receptive_field-modes
# cause: eval() is not undone
def effective_receptive_field(model, input_size, samples, seed=0):
    model.eval()
    x = torch.randn(samples, 1, *input_size, generator=torch.Generator().manual_seed(seed)).requires_grad_()
    out = model(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    heat = g[:, 0].abs().mean(0)
    return heat / heat.max() if heat.max() > 0 else heat
