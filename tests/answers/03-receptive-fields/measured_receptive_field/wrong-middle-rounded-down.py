# Half right: (h - 1) // 2 for the middle.
# loses: measured_receptive_field-plain
# cause: this is the unit before the middle; the middle one is (h // 2, w // 2)
# cause: this is unit ((h − 1) // 2, (w − 1) // 2); the middle one is (h // 2, w // 2)
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    spans = []
    for pictures in (rows, cols):
        out = probe(pictures)
        hits = out[:, :, (out.shape[2] - 1) // 2, (out.shape[3] - 1) // 2].isnan().any(1).nonzero()
        spans.append(int(hits.max() - hits.min()) + 1)
    return tuple(spans)
