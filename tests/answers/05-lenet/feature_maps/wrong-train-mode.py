# Forgets the evaluation mode.
# loses: feature_maps-modes
# cause: training mode
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
