# Half right: a copy, but in the mode it came in, so batch normalisation mixes everything.
# loses: measured_receptive_field-any-state
# cause: batch normalisation in training mode mixes all pixels: evaluation mode is needed
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model)
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    spans = []
    with torch.no_grad():
        for pictures in (rows, cols):
            out = probe(pictures)
            hits = out[:, :, out.shape[2] // 2, out.shape[3] // 2].isnan().any(1).nonzero()
            spans.append(int(hits.max() - hits.min()) + 1)
    return tuple(spans)
