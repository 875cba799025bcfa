# Ends with train(), whatever the mode was before.
# loses: flattened_features-modes
def flattened_features(layers, in_shape):
    layers.eval()
    with torch.no_grad():
        features = layers(torch.zeros(1, *in_shape)).numel()
    layers.train()
    return features
