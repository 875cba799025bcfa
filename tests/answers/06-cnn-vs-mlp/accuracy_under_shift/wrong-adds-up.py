# Starts each shift from the images shifted before.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order
# cause: the shifts add up
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    moved = images
    for p in pixels:
        moved = F.pad(moved, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
