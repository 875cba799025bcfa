# Applies ReLU, since maps are drawn behind it.
# loses: feature_maps-values, feature_maps-modes, feature_maps-copy
# cause: a ReLU came over them
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0].relu()
