# Loops written out here, one network after the other in each batch; no use of train_both.
def comparison(epochs, seed=0):
    seed_everything(seed)
    networks = {"cnn": RepairedCNN(), "mlp": matched_mlp(13686)}
    optimizers = {name: torch.optim.Adam(network.parameters(), lr=0.002) for name, network in networks.items()}
    losses = {name: [] for name in networks}
    for _ in range(epochs):
        for images, labels in train_loader:
            for name, network in networks.items():
                network.train()
                optimizers[name].zero_grad()
                F.cross_entropy(network(images), labels).backward()
                optimizers[name].step()
        with torch.no_grad():
            batches = list(validation_loader)
            for name, network in networks.items():
                network.eval()
                total = sum(F.cross_entropy(network(x), y, reduction="sum").item() for x, y in batches)
                losses[name].append(total / sum(len(y) for _, y in batches))
    return losses
