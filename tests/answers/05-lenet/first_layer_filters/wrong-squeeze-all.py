# Half right: squeeze() without an axis, which drops a single kernel's axis too.
# loses: first_layer_filters-values
# cause: squeeze()
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach().clone().squeeze()
