# Measures each batch's loss after its step.
# loses: train_one_epoch-mean
# cause: measured after its step
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
            total += criterion(model(images), labels).item() * len(labels)
        count += len(labels)
    return total / count
