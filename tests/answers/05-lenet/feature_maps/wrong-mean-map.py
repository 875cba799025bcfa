# The mean of the maps.
# loses: feature_maps-values, feature_maps-modes, feature_maps-copy
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0].mean(0)
