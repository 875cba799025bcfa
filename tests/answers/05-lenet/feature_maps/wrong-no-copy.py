# Half right: keeps the output itself, which an in-place ReLU overwrites.
# loses: feature_maps-copy
# cause: keep output.clone()
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
