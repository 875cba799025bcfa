# Calls backward() on the CNN's loss twice, on the MLP's never.
# loses: train_both-dense-output
# cause: `backward()` is missing
# cause: backward()` ran more than once
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
        criterion(cnn(images), labels).backward()
        optimizer_mlp.step()

        total_cnn += loss_cnn.item() * len(images)
        total_mlp += loss_mlp.item() * len(images)
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
