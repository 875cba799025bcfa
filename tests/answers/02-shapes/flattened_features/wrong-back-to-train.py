# Ends with train(), whatever the mode was before.
# loses: flattened_features-modes
# cause: train() sets every layer, also one that came in evaluation mode
# cause: train() at the end, though the layers came in evaluation mode
def flattened_features(layers, in_shape):
    layers.eval()
    with torch.no_grad():
        features = layers(torch.zeros(1, *in_shape)).numel()
    layers.train()
    return features
