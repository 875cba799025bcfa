# Half right: takes model[0] for the first layer.
# loses: first_layer_filters-values
def first_layer_filters(model):
    return model[0].weight.detach()[:, 0].clone()
