# Sends a batch of two images and counts all numbers.
# loses: flattened_features-value, flattened_features-general
# cause: these are the numbers of two images
import copy


def flattened_features(layers, in_shape):
    return copy.deepcopy(layers).eval()(torch.zeros(2, *in_shape)).numel()
