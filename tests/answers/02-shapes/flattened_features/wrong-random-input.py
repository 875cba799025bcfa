# Half right: sends random numbers through and so moves the generator.
# loses: flattened_features-no-trace
# cause: a seed was set, or numbers were drawn, itself or by dropout in training mode
import copy

def flattened_features(layers, in_shape):
    probe = copy.deepcopy(layers).eval()
    with torch.no_grad():
        return probe(torch.randn(1, *in_shape)).numel()
