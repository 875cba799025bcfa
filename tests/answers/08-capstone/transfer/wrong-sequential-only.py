# Half right: replaces the last layer of a Sequential.
# loses: transfer-any-network
def transfer(model, num_classes):
    copied = copy.deepcopy(model).requires_grad_(False)
    copied[-1] = nn.Linear(copied[-1].in_features, num_classes)
    return copied
