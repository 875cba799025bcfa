# Weighs each batch twice with its size.
# loses: train_one_epoch-mean, train_one_epoch-partial
# cause: multiplied by it once more often
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels) ** 2
        count += len(labels)
    return total / count
