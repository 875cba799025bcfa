# Half right: restores the outermost mode, and with it sets every layer's.
# loses: flattened_features-modes
# cause: train() sets every layer, also one that came in evaluation mode
# cause: layers.train() sets every layer; note and restore the mode of each module
def flattened_features(layers, in_shape):
    mode = layers.training
    layers.eval()
    with torch.no_grad():
        features = layers(torch.zeros(1, *in_shape)).numel()
    layers.train(mode)
    return features
