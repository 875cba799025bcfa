# A hook in front of the layer sees its inputs.
# loses: feature_maps-values, feature_maps-copy
# cause: the layer's inputs
# cause: layer before
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_pre_hook(lambda layer, inputs: kept.append(inputs[0].clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
