# Slices [:-p], which is empty for a shift of 0.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = torch.zeros_like(images)
        moved[..., p:] = images[..., :-p]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
