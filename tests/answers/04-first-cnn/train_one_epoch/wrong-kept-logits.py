# Collects logits with their graphs.
# loses: train_one_epoch-mean
# cause: with their graphs
def train_one_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total, count, seen = 0.0, 0, []
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        seen.append(model(images))
        loss = criterion(seen[-1], labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    return total / count
