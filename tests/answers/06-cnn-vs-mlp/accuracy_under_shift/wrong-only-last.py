# Returns inside the loop: the first shift only.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: the number of accuracies
def accuracy_under_shift(model, images, labels, pixels):
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        return [(model(moved).argmax(1) == labels).double().mean().item()]
