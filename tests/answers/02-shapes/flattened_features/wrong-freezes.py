# Switches requires_grad off for good.
# loses: flattened_features-no-trace
# cause: requires_grad was switched off: leave it alone, torch.no_grad() does what is needed
def flattened_features(layers, in_shape):
    modes = [(module, module.training) for module in layers.modules()]
    layers.eval().requires_grad_(False)
    features = layers(torch.zeros(1, *in_shape)).numel()
    for module, mode in modes:
        module.training = mode
    return features
