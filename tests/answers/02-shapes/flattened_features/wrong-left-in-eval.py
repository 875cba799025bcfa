# Switches to evaluation mode and leaves it there.
# loses: flattened_features-modes
# cause: eval() is not undone
def flattened_features(layers, in_shape):
    layers.eval()
    with torch.no_grad():
        return layers(torch.zeros(1, *in_shape)).numel()
