# Half right: dyes in the model itself and leaves it in evaluation mode.
# loses: measured_receptive_field-unchanged
# cause: eval() is not undone
def measured_receptive_field(model, input_size):
    model.eval()
    H, W = input_size
    rows, cols = torch.zeros(H, 1, H, W), torch.zeros(W, 1, H, W)
    rows[range(H), 0, range(H)] = float("nan")
    cols[range(W), 0, :, range(W)] = float("nan")
    spans = []
    with torch.no_grad():
        for pictures in (rows, cols):
            out = model(pictures)
            hits = out[:, :, out.shape[2] // 2, out.shape[3] // 2].isnan().any(1).nonzero()
            spans.append(int(hits.max() - hits.min()) + 1)
    return tuple(spans)
