# Counts every batch as large as the last one.
# loses: train_both-mean
# cause: mean loss per sample
def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    cnn.train()
    mlp.train()
    of_cnn = of_mlp = 0.0
    for images, labels in loader:
        optimizer_cnn.zero_grad()
        optimizer_mlp.zero_grad()
        loss_cnn, loss_mlp = F.cross_entropy(cnn(images), labels), F.cross_entropy(mlp(images), labels)
        (loss_cnn + loss_mlp).backward()
        optimizer_cnn.step()
        optimizer_mlp.step()
        of_cnn += loss_cnn.item() * len(images)
        of_mlp += loss_mlp.item() * len(images)
    count = len(loader) * len(images)
    return of_cnn / count, of_mlp / count


def test_both(cnn, mlp, loader):
    cnn.eval()
    mlp.eval()
    of_cnn = of_mlp = count = 0.0
    with torch.no_grad():
        for images, labels in loader:
            of_cnn += F.cross_entropy(cnn(images), labels, reduction="sum").item()
            of_mlp += F.cross_entropy(mlp(images), labels, reduction="sum").item()
            count += len(labels)
    return of_cnn / count, of_mlp / count
