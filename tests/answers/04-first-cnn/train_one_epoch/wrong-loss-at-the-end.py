# Measures all losses with the last weights, behind the loop.
# loses: train_one_epoch-mean
# cause: behind the loop, with the last weights
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for images, labels in loader:
            total += criterion(model(images.to(device)), labels.to(device)).item() * len(labels)
            count += len(labels)
    return total / count
