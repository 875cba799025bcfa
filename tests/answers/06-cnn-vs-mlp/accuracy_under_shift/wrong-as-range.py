# Takes pixels for the largest shift, and gives all up to it.
# loses: accuracy_under_shift-order, accuracy_under_shift-edges
# cause: one for each shift that is given
# cause: on the images as they are
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in range(max(pixels) + 1):
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
