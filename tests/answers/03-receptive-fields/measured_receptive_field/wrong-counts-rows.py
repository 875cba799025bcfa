# Half right: counts the rows that arrive, which misses those between dilated weights.
# loses: measured_receptive_field-plain, measured_receptive_field-pooling
# cause: rows that are seen were counted, but with dilation some between them are not
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).eval()
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    counts = []
    for pictures in (rows, cols):
        out = probe(pictures)
        counts.append(int(out[:, :, out.shape[2] // 2, out.shape[3] // 2].isnan().any(1).sum()))
    return tuple(counts)
