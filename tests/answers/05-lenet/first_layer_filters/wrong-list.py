# A list of kernels.
# loses: first_layer_filters-values, first_layer_filters-copy
# cause: of type list
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return [kernel[0].detach().clone() for kernel in convolution.weight]
