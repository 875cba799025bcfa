# Shifts the images themselves, so the shifts add up.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order
# cause: in-place operation
# cause: the shifts add up
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        images[:] = F.pad(images, (p, 0))[..., :images.shape[-1]]
        moved = images
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
