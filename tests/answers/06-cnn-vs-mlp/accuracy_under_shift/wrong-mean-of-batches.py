# Means of batches of 32, of which the last is smaller.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        parts = zip(moved.split(32), labels.split(32))
        accuracies.append(sum((model(x).argmax(1) == y).double().mean().item() for x, y in parts) / len(moved.split(32)))
    return accuracies
