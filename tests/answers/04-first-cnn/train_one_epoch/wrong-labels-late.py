# Half right: moves the labels too late.
# loses: train_one_epoch-device
# cause: `.to(device)` is missing
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        images = images.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        labels = labels.to(device)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
