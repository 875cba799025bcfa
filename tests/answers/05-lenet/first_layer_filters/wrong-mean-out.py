# Takes the mean kernel off each.
# loses: first_layer_filters-values
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    filters = convolution.weight.detach()[:, 0].clone()
    return filters - filters.mean(0)
