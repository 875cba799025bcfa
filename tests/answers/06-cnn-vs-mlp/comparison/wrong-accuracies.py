# Accuracies in place of losses.
# loses: comparison-losses, comparison-seeds
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizer_cnn = torch.optim.Adam(cnn.parameters(), lr=1e-3)
    optimizer_mlp = torch.optim.Adam(mlp.parameters(), lr=1e-3)
    losses = {"cnn": [], "mlp": []}
    for epoch in range(epochs):
        train_both(cnn, mlp, train_loader, optimizer_cnn, optimizer_mlp)
        with torch.no_grad():
            images, labels = map(torch.cat, zip(*validation_loader))
            loss_cnn, loss_mlp = ((net.eval()(images).argmax(1) == labels).float().mean().item() for net in (cnn, mlp))
        losses["cnn"].append(loss_cnn)
        losses["mlp"].append(loss_mlp)
    return losses
