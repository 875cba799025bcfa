# Shifts to the left.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: the shift to the left
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (0, p))[..., p:]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
