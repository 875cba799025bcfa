# Runs the layers as they come: batch normalisation and dropout leave traces.
# loses: flattened_features-no-trace
def flattened_features(layers, in_shape):
    with torch.no_grad():
        return layers(torch.zeros(1, *in_shape)).numel()
