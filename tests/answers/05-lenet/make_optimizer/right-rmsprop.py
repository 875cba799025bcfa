# RMSprop, parameters given with their names.
epochs = 4


def make_optimizer(model):
    return torch.optim.RMSprop(dict(model.named_parameters()).values(), lr=1e-3)
