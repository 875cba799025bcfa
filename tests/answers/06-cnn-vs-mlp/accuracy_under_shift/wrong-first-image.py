# Looks at the first image alone.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0))[..., :images.shape[-1]]
        accuracies.append((model(moved[:1]).argmax(1) == labels[:1]).double().mean().item())
    return accuracies
