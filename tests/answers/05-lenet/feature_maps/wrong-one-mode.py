# Restores the model's mode, and gives it to every layer.
# loses: feature_maps-modes
# cause: train()
def feature_maps(model, layer, image):
    kept, training = [], model.training
    model.eval()
    handle = layer.register_forward_hook(lambda layer, inputs, output: kept.append(output.clone()))
    try:
        with torch.no_grad():
            model(image.unsqueeze(0))
    finally:
        handle.remove()
        model.train(training)
    return kept[0][0]
