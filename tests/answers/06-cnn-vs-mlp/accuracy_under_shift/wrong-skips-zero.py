# Leaves out the shift by 0, where nothing moves.
# cause: the number of accuracies
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        if p == 0:
            continue
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
