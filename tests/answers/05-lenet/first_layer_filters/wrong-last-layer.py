# The last convolution.
# loses: first_layer_filters-values
# cause: the last convolution
def first_layer_filters(model):
    convolution = [m for m in model.modules() if isinstance(m, nn.Conv2d)][-1]
    return convolution.weight.detach()[:, 0].clone()
