# Freezes the model in place of no_grad.
# loses: feature_maps-copy
# cause: requires_grad
def feature_maps(model, layer, image):
    kept = []
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with evaluation_mode(model), layer.register_forward_hook(lambda m, i, output: kept.append(output.clone())):
        model(image.unsqueeze(0))
    return kept[0][0]
