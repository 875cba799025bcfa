# The plain gradient for one random picture.
# loses: measured_receptive_field-pooling, measured_receptive_field-any-state
# cause: max pooling lets the gradient through to one pixel only
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    x = torch.randn(1, 1, *input_size, generator=torch.Generator().manual_seed(0)).requires_grad_()
    out = probe(x)
    out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    rows, cols = x.grad[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(cols.max() - cols.min()) + 1
