# Keeps the layer's inputs.
# loses: feature_maps-values, feature_maps-copy
# cause: the layer's inputs
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(inputs[0].clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
