# NaN in one pixel after the other, in the model itself; the modes are put back. A list comes back.
def measured_receptive_field(model, input_size):
    H, W = input_size
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        pictures = torch.zeros(H * W, H * W).fill_diagonal_(float("nan")).reshape(H * W, 1, H, W)
        out = torch.cat([model(part) for part in pictures.split(100)])
    for m, mode in modes:
        m.training = mode
    hits = out[:, :, out.shape[-2] // 2, out.shape[-1] // 2].isnan().any(1).reshape(H, W)
    r = [i for i in range(H) if hits[i].any()]
    c = [j for j in range(W) if hits[:, j].any()]
    return [max(r) - min(r) + 1, max(c) - min(c) + 1]
