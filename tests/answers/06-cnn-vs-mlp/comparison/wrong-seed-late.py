# Sets the seed after the networks are made: the order repeats, the weights do not.
# loses: comparison-seeds
# cause: came:     the networks start with other weights
def comparison(epochs, seed=0):
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizer_cnn = torch.optim.Adam(cnn.parameters(), lr=1e-3)
    optimizer_mlp = torch.optim.Adam(mlp.parameters(), lr=1e-3)
    torch.manual_seed(seed)
    losses = {"cnn": [], "mlp": []}
    for epoch in range(epochs):
        train_both(cnn, mlp, train_loader, optimizer_cnn, optimizer_mlp)
        loss_cnn, loss_mlp = test_both(cnn, mlp, validation_loader)
        losses["cnn"].append(loss_cnn)
        losses["mlp"].append(loss_mlp)
    return losses
