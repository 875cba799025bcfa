# A walrus, reversed, and a list comprehension.
def transfer(model, num_classes):
    (new := copy.deepcopy(model)).eval().train(model.training)
    [weights.requires_grad_(False) for weights in new.parameters()]
    path = next(name for name, part in reversed(list(new.named_modules())) if isinstance(part, nn.Linear))
    above, _, last = path.rpartition(".")
    old = new.get_submodule(path)
    new.get_submodule(above)._modules[last] = nn.Linear(
        old.in_features, num_classes, bias=True, dtype=old.weight.dtype, device=old.weight.device
    )
    return new
