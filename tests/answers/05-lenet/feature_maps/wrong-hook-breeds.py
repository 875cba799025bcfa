# Its hook puts one more hook on the layer.
# loses: feature_maps-hook
# cause: your own hook is still there
# cause: handle.remove() is missing
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: (kept.append(output.clone()), layer.register_forward_hook(lambda *_: None))[0])
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
