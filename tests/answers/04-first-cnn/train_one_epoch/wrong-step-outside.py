# One step at the end of the epoch.
# loses: train_one_epoch-steps
# cause: does it stand behind the loop
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
    optimizer.step()
    return total / len(loader.dataset)
