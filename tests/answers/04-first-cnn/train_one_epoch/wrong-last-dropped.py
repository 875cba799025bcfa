# Leaves the last, smaller batch out.
# loses: train_one_epoch-steps, train_one_epoch-partial
# cause: batches are used
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, count = 0.0, 0
    first = None
    for images, labels in loader:
        first = first or len(labels)
        if len(labels) < first:
            break
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
