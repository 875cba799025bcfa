# Builds by load_state_dict, freezes in the loop that finds the head.
def transfer(model, num_classes):
    moved = copy.deepcopy(model)
    moved.load_state_dict(model.state_dict())
    for key, part in moved.named_modules():
        part.requires_grad_(False)
        if isinstance(part, nn.Linear):
            place, old = key.split("."), part
    above = moved
    for step in place[:-1]:
        above = getattr(above, step)
    setattr(above, place[-1], nn.Linear(old.in_features, num_classes).to(old.weight))
    return moved
