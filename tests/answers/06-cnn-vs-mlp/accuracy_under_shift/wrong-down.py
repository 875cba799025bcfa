# Shifts downwards.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: the shift downwards
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (0, 0, p, 0))[:, :, :images.shape[2]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
