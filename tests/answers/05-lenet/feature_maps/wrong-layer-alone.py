# Half right: runs the layer on the image, without what stands before it.
# loses: feature_maps-values, feature_maps-hook, feature_maps-modes, feature_maps-copy
# cause: the layer ran on the picture
def feature_maps(model, layer, image):
    with evaluation_mode(model), torch.no_grad():
        return layer(image.unsqueeze(0))[0].clone()
