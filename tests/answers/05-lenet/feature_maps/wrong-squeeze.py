# Half right: squeeze() drops a single map's axis too.
# loses: feature_maps-values
# cause: squeeze()
def feature_maps(model, layer, image):
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with evaluation_mode(model), torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0].squeeze()
