# Half right: sends through a copy, and then gives every layer new weights to be on the safe side.
# cause: changed: ['0.weight', '0.bias']
# loses: flattened_features-no-trace
import copy


def flattened_features(layers, in_shape):
    features = copy.deepcopy(layers).eval()(torch.zeros(1, *in_shape)).numel()
    for layer in layers:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return features
