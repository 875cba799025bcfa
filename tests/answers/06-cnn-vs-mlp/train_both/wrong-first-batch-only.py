# `return` stands inside the loop.
# cause: `return` inside the loop
# cause: `return` or `break` inside the loop
# cause: `break` is inside the loop
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
