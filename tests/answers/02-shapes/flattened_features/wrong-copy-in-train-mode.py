# Half right: a copy, but in training mode, so dropout draws random numbers.
# loses: flattened_features-no-trace
# cause: a seed was set, or numbers were drawn, itself or by dropout in training mode
import copy

def flattened_features(layers, in_shape):
    probe = copy.deepcopy(layers)
    with torch.no_grad():
        return probe(torch.zeros(2, *in_shape)).numel() // 2
