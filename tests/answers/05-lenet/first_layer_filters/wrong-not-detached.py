# Half right: copies, but stays in the graph.
# loses: first_layer_filters-copy
# cause: detach
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight[:, 0].clone()
