# Freezes the original, copies then.
# loses: transfer-original
# cause: the original was frozen
def transfer(model, num_classes):
    """A copy of `model` for another task: its last nn.Linear is new, with num_classes outputs; all else is frozen.

    `model` stays as it was. Example: transfer(SimpleCNN(), 3) gives logits (N, 3), and two of its parameters, the
    head's weight and bias, require a gradient.
    """
    model.requires_grad_(False)
    copied = copy.deepcopy(model)
    name, old = [(name, layer) for name, layer in copied.named_modules() if isinstance(layer, nn.Linear)][-1]
    head = nn.Linear(old.in_features, num_classes, device=old.weight.device, dtype=old.weight.dtype)
    copied.set_submodule(name, head)
    return copied
