# The plain gradient for a picture of ones.
# loses: measured_receptive_field-pooling, measured_receptive_field-any-state
# cause: max pooling lets the gradient through to one pixel only
# cause: no gradient gets through a ReLU that is zero for every picture; the wiring is there
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    x = torch.ones(1, 1, *input_size, requires_grad=True)
    out = probe(x)
    (g,) = torch.autograd.grad(out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum(), x)
    if not g.any():
        return 0, 0
    rows, cols = g[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(cols.max() - cols.min()) + 1
