# Forgets step.
# loses: train_one_epoch-steps
# cause: `optimizer.step()` is missing
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images = images.to(device)
        labels = labels.to(device)
        optimizer.zero_grad()
        logits = model(images)
        loss = criterion(logits, labels)
        loss.backward()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
