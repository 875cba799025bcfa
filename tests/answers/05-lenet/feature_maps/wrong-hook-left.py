# Never removes the hook.
# loses: feature_maps-hook
# cause: your own hook is still there
# cause: handle.remove() is missing
def feature_maps(model, layer, image):
    kept = []
    layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    with evaluation_mode(model), torch.no_grad():
        model(image.unsqueeze(0))
    return kept[0][0]
