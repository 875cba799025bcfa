# Half right: removes the hook, but not after an error.
# loses: feature_maps-hook
# cause: finally
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    with evaluation_mode(model), torch.no_grad():
        model(image.unsqueeze(0))
    handle.remove()
    return kept[0][0]
