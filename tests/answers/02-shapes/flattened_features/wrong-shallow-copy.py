# A shallow copy shares the layers with the original.
# loses: flattened_features-modes
# cause: eval() is not undone
# cause: the layers are left in evaluation mode
import copy

def flattened_features(layers, in_shape):
    probe = copy.copy(layers).eval()
    with torch.no_grad():
        return probe(torch.zeros(1, *in_shape)).numel()
