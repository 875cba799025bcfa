# Switches to evaluation mode.
# loses: train_one_epoch-mode
# cause: `model.eval()` is called
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.eval()
    total = 0.0
    for images, labels in loader:
        images = images.to(device)
        labels = labels.to(device)
        optimizer.zero_grad()
        logits = model(images)
        loss = criterion(logits, labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
