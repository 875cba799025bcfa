# Freezes last: the head is frozen too.
# loses: transfer-frozen, transfer-any-network
# cause: the head is frozen too
def transfer(model, num_classes):
    copied = copy.deepcopy(model)
    name, old = [(name, layer) for name, layer in copied.named_modules() if isinstance(layer, nn.Linear)][-1]
    copied.set_submodule(name, nn.Linear(old.in_features, num_classes, dtype=old.weight.dtype))
    return copied.requires_grad_(False)
