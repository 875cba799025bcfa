# Half right: many random pictures find what max pooling hides, but not what dead units hide.
# loses: measured_receptive_field-any-state
# cause: no gradient gets through a ReLU that is zero for every picture; the wiring is there
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(600, 1, *input_size, generator=torch.Generator().manual_seed(0)).requires_grad_()
    out = probe(x)
    (g,) = torch.autograd.grad(out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    if not g.any():
        return 0, 0
    rows, cols = g.abs().sum(dim=(0, 1)).nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(cols.max() - cols.min()) + 1
