# Runs the layers as they come: batch normalisation and dropout leave traces.
# loses: flattened_features-no-trace
# cause: it ran in training mode, where batch normalisation updates its running statistics
# cause: the layers ran in training mode, so batch normalisation updated its running statistics
def flattened_features(layers, in_shape):
    with torch.no_grad():
        return layers(torch.zeros(1, *in_shape)).numel()
