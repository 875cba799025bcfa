# Looks for the name `conv1`.
# loses: first_layer_filters-values, first_layer_filters-copy
def first_layer_filters(model):
    return dict(model.named_modules())["conv1"].weight.detach()[:, 0].clone()
