# Half right: measures once at the end, and gives that number for each epoch.
# loses: comparison-losses
# cause: this is the loss after the last epoch
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in (cnn, mlp)]
    for epoch in range(epochs):
        train_both(cnn, mlp, train_loader, *optimizers)
    loss_cnn, loss_mlp = test_both(cnn, mlp, validation_loader)
    return {"cnn": [loss_cnn] * epochs, "mlp": [loss_mlp] * epochs}
