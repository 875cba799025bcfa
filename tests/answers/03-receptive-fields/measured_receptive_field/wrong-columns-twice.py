# The width is returned twice.
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).double().eval()
    height, width = input_size
    columns = torch.zeros(width, 1, height, width, dtype=torch.float64)
    columns[range(width), :, :, range(width)] = torch.nan
    maps = probe(columns).detach()
    arrived = maps[:, :, maps.shape[2] // 2, maps.shape[3] // 2].isnan().any(dim=1).nonzero()
    size = int(arrived.max() - arrived.min()) + 1
    return size, size
