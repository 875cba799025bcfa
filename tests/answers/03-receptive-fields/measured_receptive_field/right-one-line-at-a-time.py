# NaN in one row, then in one column at a time; the places are collected in lists.
def measured_receptive_field(model, input_size):
    net = copy.deepcopy(model).double().eval()
    sizes = []
    for axis in (2, 3):
        seen = []
        for place in range(input_size[axis - 2]):
            picture = torch.zeros(1, 1, *input_size, dtype=torch.float64)
            picture.select(axis, place).fill_(torch.nan)
            with torch.no_grad():
                maps = net(picture)
            if maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2].isnan().any():
                seen.append(place)
        sizes.append(seen[-1] - seen[0] + 1)
    return tuple(sizes)
