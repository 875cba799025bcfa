# Rolls: what leaves at the right comes back at the left.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: comes back in at the left
# cause: on the images as they are
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = torch.roll(images, p, dims=3)
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
