# Assumes square maps.
# loses: flattened_features-general
import copy

def flattened_features(layers, in_shape):
    with torch.no_grad():
        out = copy.deepcopy(layers).eval()(torch.zeros(1, *in_shape))
    return out.shape[1] * out.shape[2] ** 2
