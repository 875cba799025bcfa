# Two steps for each batch.
# loses: train_one_epoch-steps
# cause: more than once for each batch
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
        optimizer.step()
        optimizer.step()
        total += loss.item() * images.size(0)
    return total / len(loader.dataset)
