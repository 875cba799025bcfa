# Shifts by one pixel less.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (max(p - 1, 0), 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
