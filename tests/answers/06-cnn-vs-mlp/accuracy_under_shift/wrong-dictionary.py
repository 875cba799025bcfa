# A dictionary from shift to accuracy.
# cause: whether accuracy_under_shift returns a list
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return dict(zip(pixels, accuracies))
