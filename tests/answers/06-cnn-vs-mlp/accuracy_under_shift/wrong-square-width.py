# Half right: cuts to the height in place of the width.
# loses: accuracy_under_shift-order, accuracy_under_shift-edges
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[2]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
