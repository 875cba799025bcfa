# Repeats the edge column in place of zeros.
# loses: accuracy_under_shift-plain, accuracy_under_shift-order, accuracy_under_shift-edges
# cause: the edge column is repeated
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = F.pad(images, (p, 0, 0, 0), mode='replicate')[..., :images.shape[-1]]
        accuracies.append((model(moved).argmax(1) == labels).double().mean().item())
    return accuracies
