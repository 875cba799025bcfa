# Half right: a warm-up backward() in the model itself fills the parameters' .grad.
# loses: measured_receptive_field-unchanged
# cause: backward() filled them: work on a copy, or use torch.autograd.grad
# cause: backward() filled the .grad of the parameters: work on a copy, or use torch.autograd.grad
def measured_receptive_field(model, input_size):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    H, W = input_size
    x = torch.zeros(1, 1, H, W, requires_grad=True)
    model(x).sum().backward()
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    spans = []
    for pictures in (rows, cols):
        out = model(pictures)
        hits = out[:, :, out.shape[2] // 2, out.shape[3] // 2].isnan().any(1).nonzero()
        spans.append(int(hits.max() - hits.min()) + 1)
    for m, mode in modes:
        m.training = mode
    return tuple(spans)
