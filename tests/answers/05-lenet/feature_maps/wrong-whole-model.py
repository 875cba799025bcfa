# What the model gives.
# loses: feature_maps-values, feature_maps-copy, feature_maps-modes
# cause: the whole model
def feature_maps(model, layer, image):
    with evaluation_mode(model), torch.no_grad():
        return model(image.unsqueeze(0))[0]
