# Each shift only once.
# loses: accuracy_under_shift-order
# cause: the number of accuracies
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in dict.fromkeys(pixels):
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
