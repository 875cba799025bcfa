# squeeze of axis 1 alone; clone before detach.
def first_layer_filters(model):
    convolutions = [m for _, m in model.named_modules() if isinstance(m, torch.nn.Conv2d)]
    return convolutions[0].weight.clone().detach().squeeze(1)
