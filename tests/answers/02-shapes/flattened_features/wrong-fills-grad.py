# Half right: a backward pass by the way, which fills the parameters' .grad.
# loses: flattened_features-no-trace
# cause: backward() filled them
def flattened_features(layers, in_shape):
    modes = [module.training for module in layers.modules()]
    layers.eval()
    row = layers(torch.zeros(1, *in_shape, requires_grad=True))
    row.sum().backward()
    for module, mode in zip(layers.modules(), modes):
        module.training = mode
    return row.numel()
