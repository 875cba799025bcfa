# An array of NumPy.
# loses: first_layer_filters-values, first_layer_filters-copy
# cause: of type ndarray
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach()[:, 0].clone().numpy()
