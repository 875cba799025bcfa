# Assumes square maps.
# loses: flattened_features-general
# cause: height and width differ here: the maps are 4 by 3
# cause: height and width differ here: (20, 33) gives 5 maps of 5 by 8
import copy

def flattened_features(layers, in_shape):
    with torch.no_grad():
        out = copy.deepcopy(layers).eval()(torch.zeros(1, *in_shape))
    return out.shape[1] * out.shape[2] ** 2
