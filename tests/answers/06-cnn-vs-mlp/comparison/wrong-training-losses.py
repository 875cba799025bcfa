# Returns the losses that train_both gives, which are of the training images.
# loses: comparison-losses
# cause: this is what train_both returned
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizer_cnn = torch.optim.Adam(cnn.parameters(), lr=1e-3)
    optimizer_mlp = torch.optim.Adam(mlp.parameters(), lr=1e-3)
    losses = {"cnn": [], "mlp": []}
    for epoch in range(epochs):
        loss_cnn, loss_mlp = train_both(cnn, mlp, train_loader, optimizer_cnn, optimizer_mlp)
        losses["cnn"].append(loss_cnn)
        losses["mlp"].append(loss_mlp)
    return losses
