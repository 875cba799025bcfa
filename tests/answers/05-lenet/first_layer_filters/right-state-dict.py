# From the state dict: the first weight with four axes, which modules() meets first.
def first_layer_filters(model):
    weights = (value for value in model.state_dict().values() if value.dim() == 4)
    return torch.stack([kernel.sum(0) for kernel in next(weights)])
