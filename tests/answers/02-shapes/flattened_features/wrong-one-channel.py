# Sends an image of one channel, whatever in_shape says.
# cause: to have 2 channels, but got 1
# loses: flattened_features-general
import copy

def flattened_features(layers, in_shape):
    with torch.no_grad():
        return copy.deepcopy(layers).eval()(torch.zeros(1, 1, in_shape[1], in_shape[2])).numel()
