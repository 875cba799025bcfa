# Losses and sizes in lists, one weighted mean at the end; returns lists.
def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    losses, sizes = [], []
    for images, labels in loader:
        pair = []
        for net, opt in ((cnn, optimizer_cnn), (mlp, optimizer_mlp)):
            net.train()
            loss = -F.log_softmax(net(images), dim=1)[torch.arange(len(labels)), labels].mean()
            opt.zero_grad(set_to_none=False)
            loss.backward()
            opt.step()
            pair.append(loss.detach())
        losses.append(torch.stack(pair))
        sizes.append(len(labels))
    weights = torch.tensor(sizes, dtype=losses[0].dtype) / sum(sizes)
    return (torch.stack(losses) * weights[:, None]).sum(0).tolist()


def test_both(cnn, mlp, loader):
    with torch.no_grad():
        batches = [(images, labels) for images, labels in loader]
        labels = torch.cat([labels for _, labels in batches])
        logits = [torch.cat([net.eval()(images) for images, _ in batches]) for net in (cnn, mlp)]
        return [F.cross_entropy(one, labels).item() for one in logits]
