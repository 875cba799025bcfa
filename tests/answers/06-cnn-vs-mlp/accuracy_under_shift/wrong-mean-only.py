# Gives one number, the mean over the shifts.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: returns a list
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return sum(accuracies) / len(accuracies)
