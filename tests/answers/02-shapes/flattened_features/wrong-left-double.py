# Half right: makes the caller's layers float64 and leaves them so.
# loses: flattened_features-no-trace
# cause: types of its tensors
def flattened_features(layers, in_shape):
    modes = [module.training for module in layers.modules()]
    layers.double().eval()
    features = layers(torch.zeros(1, *in_shape, dtype=torch.float64)).numel()
    for module, mode in zip(layers.modules(), modes):
        module.training = mode
    return features
