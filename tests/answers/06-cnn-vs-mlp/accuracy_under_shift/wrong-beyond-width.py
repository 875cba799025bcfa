# Half right: fails for shifts by more than the width.
# loses: accuracy_under_shift-edges
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = torch.zeros_like(images)
        moved[..., p:] = images[..., :images.shape[-1] - p]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
