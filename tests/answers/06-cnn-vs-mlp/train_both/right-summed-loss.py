# One backward pass for the sum of both losses; set_grad_enabled; sums over images.
def train_both(cnn, mlp, loader, optimizer_cnn, optimizer_mlp):
    both = nn.ModuleList([cnn, mlp]).train()
    sums = torch.zeros(2, dtype=torch.float64)
    for images, labels in loader:
        both.zero_grad()
        losses = torch.stack([criterion(network(images), labels) for network in both])
        losses.sum().backward()
        for optimizer in (optimizer_cnn, optimizer_mlp):
            optimizer.step()
        sums += losses.detach() * labels.numel()
    return tuple((sums / len(loader.dataset)).tolist())


@torch.inference_mode()
def test_both(cnn, mlp, loader):
    both = nn.ModuleList([cnn, mlp]).eval()
    sums = [0, 0]
    for images, labels in loader:
        for i, network in enumerate(both):
            sums[i] += F.cross_entropy(network(images), labels, reduction="sum").item()
    return sums[0] / len(loader.dataset), sums[1] / len(loader.dataset)
