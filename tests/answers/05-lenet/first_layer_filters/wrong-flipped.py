# Flips the kernels, as mathematicians do.
# loses: first_layer_filters-values
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach()[:, 0].flip((1, 2)).clone()
