# Swaps height and width.
# loses: first_layer_filters-values
# cause: rows and columns are swapped
# cause: height and width
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach()[:, 0].mT.clone()
