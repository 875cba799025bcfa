# Looks at unit (0, 0), whose field may be cut off by the border.
# loses: measured_receptive_field-plain, measured_receptive_field-pooling, measured_receptive_field-any-state
# cause: this is unit (0, 0); look at the middle one
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    spans = []
    for pictures in (rows, cols):
        hits = probe(pictures)[:, :, 0, 0].isnan().any(1).nonzero()
        spans.append(int(hits.max() - hits.min()) + 1)
    return tuple(spans)
