# Half right: looks only at the model's own children.
# loses: first_layer_filters-values
# cause: the last convolution
def first_layer_filters(model):
    convolution = next(m for m in model.children() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach()[:, 0].clone()
