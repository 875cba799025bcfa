# Copies, and clears the weight to hand it over.
# loses: first_layer_filters-copy
# cause: operation in place
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    filters = convolution.weight.detach()[:, 0].clone()
    with torch.no_grad():
        convolution.weight.zero_()
    return filters
