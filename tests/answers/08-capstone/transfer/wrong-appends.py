# Half right: puts a head behind the old one.
# loses: transfer-head, transfer-frozen, transfer-any-network
# cause: behind the old one
def transfer(model, num_classes):
    copied = copy.deepcopy(model).requires_grad_(False)
    old = [layer for layer in copied.modules() if isinstance(layer, nn.Linear)][-1]
    return nn.Sequential(copied, nn.Linear(old.out_features, num_classes, dtype=old.weight.dtype))
