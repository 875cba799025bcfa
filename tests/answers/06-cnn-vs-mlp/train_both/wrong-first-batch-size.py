# Weighs every batch as if it were full.
# loses: train_both-mean
# cause: as large as the first
def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    cnn.train()
    mlp.train()
    total_cnn = total_mlp = 0.0
    for images, labels in loader:
        optimizer_cnn.zero_grad()
        loss_cnn = criterion(cnn(images), labels)
        loss_cnn.backward()
        optimizer_cnn.step()

        optimizer_mlp.zero_grad()
        loss_mlp = criterion(mlp(images), labels)
        loss_mlp.backward()
        optimizer_mlp.step()

        total_cnn += loss_cnn.item() * loader.batch_size
        total_mlp += loss_mlp.item() * loader.batch_size
    return total_cnn / len(loader.dataset), total_mlp / len(loader.dataset)


def test_both(cnn, mlp, loader):
    cnn.eval()
    mlp.eval()
    total_cnn = total_mlp = 0.0
    with torch.no_grad():
        for images, labels in loader:
            total_cnn += criterion(cnn(images), labels).item() * loader.batch_size
            total_mlp += criterion(mlp(images), labels).item() * loader.batch_size
    return total_cnn / len(loader.dataset), total_mlp / len(loader.dataset)
