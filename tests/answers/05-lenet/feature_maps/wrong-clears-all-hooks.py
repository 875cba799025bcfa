# Half right: clears every hook of the layer, also those of others.
# loses: feature_maps-hook
# cause: hooks of others were removed
def feature_maps(model, layer, image):
    kept = []
    layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        layer._forward_hooks.clear()
    return kept[0][0]
