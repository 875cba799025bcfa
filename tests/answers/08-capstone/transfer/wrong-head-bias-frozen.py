# Half right: only the weight of the new head is trained.
# loses: transfer-frozen, transfer-any-network
# cause: the bias of the new head is frozen
def transfer(model, num_classes):
    """A copy of `model` for another task: its last nn.Linear is new, with num_classes outputs; all else is frozen.

    `model` stays as it was. Example: transfer(SimpleCNN(), 3) gives logits (N, 3), and two of its parameters, the
    head's weight and bias, require a gradient.
    """
    copied = copy.deepcopy(model)
    copied.requires_grad_(False)
    name, old = [(name, layer) for name, layer in copied.named_modules() if isinstance(layer, nn.Linear)][-1]
    head = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    copied.set_submodule(name, head)
    head.bias.requires_grad_(False)
    return copied
