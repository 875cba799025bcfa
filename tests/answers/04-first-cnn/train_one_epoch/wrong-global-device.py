# Uses the notebook's device, not the one that it was given.
# loses: train_one_epoch-device
# cause: not the device that the function was given
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images = images.to(pick_device())
        labels = labels.to(pick_device())
        optimizer.zero_grad()
        logits = model(images)
        loss = criterion(logits, labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
