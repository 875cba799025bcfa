# Shifts by the place in the list, not by the number that stands there.
# loses: accuracy_under_shift-order, accuracy_under_shift-edges
# cause: places in the list
# cause: on the images as they are
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in range(len(pixels)):
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
