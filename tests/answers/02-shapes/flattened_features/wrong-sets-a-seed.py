# Half right: ends with torch.manual_seed(0), as if that undid what was drawn.
# loses: flattened_features-no-trace
# cause: it set a seed
# cause: a seed was set, or numbers were drawn, itself or by dropout in training mode
import copy


def flattened_features(layers, in_shape):
    probe = copy.deepcopy(layers).eval()
    features = probe(torch.rand(1, *in_shape)).numel()
    torch.manual_seed(0)
    return features
