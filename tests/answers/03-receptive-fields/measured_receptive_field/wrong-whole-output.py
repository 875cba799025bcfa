# Every unit of the output is asked, not the middle one.
# cause: another unit
def measured_receptive_field(model, input_size):
    probe = copy.deepcopy(model).double().eval()

    def extent(pictures):
        arrived = probe(pictures).detach().isnan().flatten(1).any(dim=1).nonzero()
        return int(arrived.max() - arrived.min()) + 1

    height, width = input_size
    rows = torch.zeros(height, 1, height, width, dtype=torch.float64)
    rows[range(height), :, range(height)] = torch.nan
    columns = torch.zeros(width, 1, height, width, dtype=torch.float64)
    columns[range(width), :, :, range(width)] = torch.nan
    return extent(rows), extent(columns)
