# Adds the bias to each kernel.
# loses: first_layer_filters-values
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return (convolution.weight[:, 0] + convolution.bias[:, None, None]).detach()
