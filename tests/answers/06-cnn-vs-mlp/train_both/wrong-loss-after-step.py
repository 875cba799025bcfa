# Measures each loss once more after the step, and returns that.
# loses: train_both-mean
# cause: measured once more after its step
# cause: measured after its step
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

        with torch.no_grad():
            total_cnn += criterion(cnn(images), labels).item() * len(images)
            total_mlp += criterion(mlp(images), labels).item() * len(images)
    return total_cnn / len(loader.dataset), total_mlp / len(loader.dataset)


def test_both(cnn, mlp, loader):
    cnn.eval()
    mlp.eval()
    total_cnn = total_mlp = 0.0
    with torch.no_grad():
        for images, labels in loader:
            total_cnn += criterion(cnn(images), labels).item() * len(images)
            total_mlp += criterion(mlp(images), labels).item() * len(images)
    return total_cnn / len(loader.dataset), total_mlp / len(loader.dataset)
