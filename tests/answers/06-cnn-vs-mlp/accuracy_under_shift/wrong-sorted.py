# Sorts the shifts.
# loses: accuracy_under_shift-order
# cause: the shifts are sorted
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in sorted(pixels):
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
