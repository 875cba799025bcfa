# A copy with positive weights and average pooling, then one gradient.
def measured_receptive_field(model, input_size):
    def friendly(layer):
        if isinstance(layer, nn.MaxPool2d):
            return nn.AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
        if isinstance(layer, nn.Sequential):
            return nn.Sequential(*map(friendly, layer))
        return layer

    probe = friendly(copy.deepcopy(model)).double().eval()
    for parameter in probe.parameters():
        parameter.data = parameter.data.abs() + 0.01
    x = torch.ones(1, 1, *input_size, dtype=torch.float64, requires_grad=True)
    y = probe(x)
    y[0, :, y.shape[2] // 2, y.shape[3] // 2].sum().backward()
    seen = x.grad[0, 0] > 0
    rows, cols = torch.where(seen)
    return rows.max() - rows.min() + 1, cols.max() - cols.min() + 1
