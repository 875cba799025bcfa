# Half right: expects a layer called `head`.
def transfer(model, num_classes):
    copied = copy.deepcopy(model)
    copied.requires_grad_(False)
    copied.head = nn.Linear(copied.head.in_features, num_classes)
    return copied
