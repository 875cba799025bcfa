# Half right: leaves the model in evaluation mode.
# loses: feature_maps-modes
# cause: never undone
# cause: eval() is not undone
def feature_maps(model, layer, image):
    model.eval()
    kept = []
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
    return kept[0][0]
