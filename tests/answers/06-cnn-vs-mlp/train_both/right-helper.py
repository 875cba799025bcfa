# One helper does both, with or without an optimizer; the helper is called `accuracy`, of all names.
def accuracy(network, loader, optimizer=None):
    network.train(optimizer is not None)
    total, count = 0.0, 0
    with torch.set_grad_enabled(optimizer is not None):
        for images, labels in loader:
            loss = F.cross_entropy(network(images), labels)
            if optimizer is not None:
                network.zero_grad()
                loss.backward()
                optimizer.step()
            total, count = total + float(loss) * labels.shape[0], count + labels.shape[0]
    return total / count


def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    return accuracy(cnn, loader, optimizer_cnn), accuracy(mlp, loader, optimizer_mlp)


def test_both(cnn, mlp, loader):
    return accuracy(cnn, loader), accuracy(mlp, loader)
