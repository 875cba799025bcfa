# Gradients by torch.autograd.grad, put into place by hand; modes restored.
def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    cnn.train(), mlp.train()
    sums = {cnn: 0.0, mlp: 0.0}
    for images, labels in loader:
        for net, opt in {cnn: optimizer_cnn, mlp: optimizer_mlp}.items():
            loss = criterion(net(images), labels)
            weights = list(net.parameters())
            for weight, slope in zip(weights, torch.autograd.grad(loss, weights)):
                weight.grad = slope
            opt.step()
            sums[net] += loss.item() * images.shape[0]
    return tuple(value / len(loader.dataset) for value in sums.values())


def test_both(cnn, mlp, loader):
    found = [net.training for net in (cnn, mlp)]
    sums = [0.0, 0.0]
    for number, net in enumerate((cnn.eval(), mlp.eval())):
        for images, labels in loader:
            with torch.no_grad():
                sums[number] += criterion(net(images), labels).item() * len(labels)
    for net, mode in zip((cnn, mlp), found):
        net.train(mode)
    return sums[0] / len(loader.dataset), sums[1] / len(loader.dataset)
