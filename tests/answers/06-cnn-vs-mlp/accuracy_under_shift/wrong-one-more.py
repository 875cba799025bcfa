# Shifts by one pixel more.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p + 1, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
