# Half right: positive weights open every ReLU, but max pooling still picks one.
# loses: measured_receptive_field-pooling
# cause: max pooling lets the gradient through to one pixel only
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    for parameter in probe.parameters():
        parameter.data = parameter.data.abs()
    x = torch.ones(1, 1, *input_size, requires_grad=True)
    out = probe(x)
    out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum().backward()
    rows, cols = x.grad[0, 0].nonzero(as_tuple=True)
    return int(rows.max() - rows.min()) + 1, int(cols.max() - cols.min()) + 1
