# Forgets no_grad.
# loses: feature_maps-copy
# cause: torch.no_grad() is missing
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with evaluation_mode(model):
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
