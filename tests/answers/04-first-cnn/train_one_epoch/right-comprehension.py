# A step as a function of its own, a comprehension around it.
def train_one_epoch(model, loader, criterion, optimizer, device):
    def one_step(images, labels):
        loss = criterion(model(images.to(device)), target := labels.to(device))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return len(target) * loss.item(), len(target)

    model.train()
    pairs = [one_step(*batch) for batch in loader]
    return sum(loss for loss, _ in pairs) / sum(size for _, size in pairs)
