# Keeps the result in the layer, as an attribute, and leaves it there; and never removes the hook.
# loses: feature_maps-hook
# cause: your own hook is still there
# cause: handle.remove() is missing
def feature_maps(model, layer, image):
    layer.register_forward_hook(lambda m, i, output: setattr(m, "last", output.clone()))
    with evaluation_mode(model), torch.no_grad():
        model(image.unsqueeze(0))
    return layer.last[0]
