# Half right: trains in the mode that it finds.
# loses: train_one_epoch-mode
# cause: `model.train()` is missing
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train(model.training)
    total, count = 0.0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
