# Collects losses with their graphs in a list.
# loses: train_one_epoch-mean
# cause: with their graphs
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    losses, sizes = [], []
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss)
        sizes.append(len(labels))
    return sum(a.item() * n for a, n in zip(losses, sizes)) / sum(sizes)
