# Half right: restores the outermost mode, and with it sets every layer's.
# loses: flattened_features-modes
def flattened_features(layers, in_shape):
    mode = layers.training
    layers.eval()
    with torch.no_grad():
        features = layers(torch.zeros(1, *in_shape)).numel()
    layers.train(mode)
    return features
