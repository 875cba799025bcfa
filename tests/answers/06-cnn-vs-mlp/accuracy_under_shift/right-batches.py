# In batches of 16, each counted by what it holds.
def accuracy_under_shift(model, images, labels, pixels):
    accuracies = []
    with torch.inference_mode():
        for p in pixels:
            right = 0
            for start in range(0, len(images), 16):
                part = images[start : start + 16].clone()
                part = part.roll(p, dims=3)
                part[..., : min(p, part.shape[3])] = 0
                right += int((model(part).argmax(1) == labels[start : start + 16]).sum())
            accuracies.append(right / len(images))
    return accuracies
