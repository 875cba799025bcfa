# Rounds the losses to whole numbers, for a tidy table.
# loses: comparison-losses, comparison-seeds
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizer_cnn = torch.optim.Adam(cnn.parameters(), lr=1e-3)
    optimizer_mlp = torch.optim.Adam(mlp.parameters(), lr=1e-3)
    losses = {"cnn": [], "mlp": []}
    for epoch in range(epochs):
        train_both(cnn, mlp, train_loader, optimizer_cnn, optimizer_mlp)
        loss_cnn, loss_mlp = test_both(cnn, mlp, validation_loader)
        losses["cnn"].append(round(loss_cnn))
        losses["mlp"].append(round(loss_mlp))
    return losses
