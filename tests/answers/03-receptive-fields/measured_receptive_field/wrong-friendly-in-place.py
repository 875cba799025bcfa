# Half right: makes the caller's own weights friendly.
# loses: measured_receptive_field-unchanged
# cause: the weights themselves were made friendly: do that in a copy
def measured_receptive_field(model, input_size):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    for parameter in model.parameters():
        parameter.data = parameter.data.abs() + 0.01
        if parameter.dim() == 1:
            parameter.data.zero_()
    for m in model.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.weight.data.fill_(1.0)
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = 1.0
    cols[range(W), 0, :, range(W)] = 1.0
    spans = []
    with torch.no_grad():
        for pictures in (rows, cols):
            out = model(pictures)
            hits = out[:, :, out.shape[2] // 2, out.shape[3] // 2].sum(1).nonzero()
            spans.append(int(hits.max() - hits.min()) + 1)
    for m, mode in modes:
        m.training = mode
    return tuple(spans)
