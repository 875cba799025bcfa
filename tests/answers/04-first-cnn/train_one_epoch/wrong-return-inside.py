# return stands inside the loop: one batch only.
# loses: train_one_epoch-steps, train_one_epoch-mean, train_one_epoch-partial
# cause: `return` or `break` is inside the loop
# cause: is `return` inside the loop
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
        total += loss.item() * images.size(0)
        return total / len(loader.dataset)
