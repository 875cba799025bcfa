# zero_grad between backward and step: nothing is learned.
# loses: train_one_epoch-steps
# cause: stands between `backward()` and `step()`
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images = images.to(device)
        labels = labels.to(device)
        logits = model(images)
        loss = criterion(logits, labels)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
