# Vectorised, with cumulative products and sums; returns 0-d tensors in a list.
def receptive_field_sizes(layers):
    if not layers:
        return []
    k, s, d = torch.tensor(layers).T
    jumps = torch.cat([torch.ones(1, dtype=s.dtype), s.cumprod(0)[:-1]])
    return list(1 + ((k - 1) * d * jumps).cumsum(0))
