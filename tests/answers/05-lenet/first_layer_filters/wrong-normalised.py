# Scales the filters to a maximum of 1, for the picture.
# loses: first_layer_filters-values
# cause: divided by the largest
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    filters = convolution.weight.detach()[:, 0].clone()
    return filters / filters.abs().max()
