# A helper for one network, called twice: two passes over the loader; restores the modes.
def mean_loss(network, loader, optimizer=None):
    before, losses, sizes = network.training, [], []
    network.train(optimizer is not None)
    with torch.set_grad_enabled(optimizer is not None):
        for x, y in loader:
            loss = F.nll_loss(network(x).log_softmax(dim=1), y)
            if optimizer is not None:
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
            losses.append(loss.item())
            sizes.append(len(y))
    network.train(before)
    return sum(loss * size for loss, size in zip(losses, sizes)) / sum(sizes)


def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    return [mean_loss(cnn, loader, optimizer_cnn), mean_loss(mlp, loader, optimizer_mlp)]


def test_both(cnn, mlp, loader):
    return [mean_loss(cnn, loader), mean_loss(mlp, loader)]
