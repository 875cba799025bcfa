# Gradients set to None by hand; numpy's weighted mean.
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, sizes = [], []
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        for parameter in model.parameters():
            parameter.grad = None
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        sizes.append(images.shape[0])
    import numpy as np

    return np.average(losses, weights=sizes)
