# A group for each parameter, made by a comprehension; Nesterov momentum.
epochs = 4


def make_optimizer(model):
    return torch.optim.SGD([{"params": [p]} for p in model.parameters()], lr=0.02, momentum=0.9, nesterov=True)
