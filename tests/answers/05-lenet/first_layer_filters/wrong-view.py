# Half right: detaches, but shares the memory.
# loses: first_layer_filters-copy
# cause: share their memory
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.detach()[:, 0]
