# Gives the number of right answers.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: this is a count
# cause: counts of right answers
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).sum().item())
    return accuracies
