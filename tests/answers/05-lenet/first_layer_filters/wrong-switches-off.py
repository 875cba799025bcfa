# Switches requires_grad of the model off in place of detach.
# loses: first_layer_filters-copy
# cause: requires_grad of the weight was switched off
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    convolution.weight.requires_grad_(False)
    return convolution.weight[:, 0].clone()
