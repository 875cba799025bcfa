# Zeros of the same shape, the columns copied one by one.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    for p in pixels:
        moved = torch.zeros_like(images)
        for column in range(p, images.shape[3]):
            moved[:, :, :, column] = images[:, :, :, column - p]
        with torch.no_grad():
            predicted = model(moved).argmax(dim=1)
        accuracies.append((predicted == labels).sum().item() / len(labels))
    return accuracies
