# Half right: zero_grad once, before the loop.
# loses: train_one_epoch-steps
# cause: `zero_grad()` must run for each batch
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    optimizer.zero_grad()
    for images, labels in loader:
        images = images.to(device)
        labels = labels.to(device)
        logits = model(images)
        loss = criterion(logits, labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
