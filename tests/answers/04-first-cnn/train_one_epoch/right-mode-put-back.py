# Trains in training mode, and puts back the mode that it found; keeps the last loss as a tensor.
def train_one_epoch(model, loader, criterion, optimizer, device):
    before = model.training
    model.train()
    total, count = 0.0, 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(labels)
        count += len(labels)
    model.train(before)
    return torch.tensor(total / count)
