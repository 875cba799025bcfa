# Forgets to use the shifted images.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: are not shifted
# cause: not shifted
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(images).argmax(1) == labels).double().mean().item())
    return accuracies
