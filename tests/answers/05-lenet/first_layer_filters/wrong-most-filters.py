# The convolution with the most filters.
# loses: first_layer_filters-values
# cause: the last convolution
def first_layer_filters(model):
    convolution = max((m for m in model.modules() if isinstance(m, nn.Conv2d)), key=lambda m: m.out_channels)
    return convolution.weight.detach()[:, 0].clone()
