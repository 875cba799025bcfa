# `.data` looks at the same memory.
# loses: first_layer_filters-copy
# cause: share their memory
def first_layer_filters(model):
    convolution = next(m for m in model.modules() if isinstance(m, nn.Conv2d))
    return convolution.weight.data[:, 0]
