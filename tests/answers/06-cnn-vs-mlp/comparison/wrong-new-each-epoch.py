# New networks in every epoch: nothing goes on from the epoch before.
# loses: comparison-networks
# cause: is made anew while it trains
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    losses = {"cnn": [], "mlp": []}
    for epoch in range(epochs):
        cnn, mlp = RepairedCNN(), matched_mlp(13_686)
        optimizers = [torch.optim.Adam(network.parameters(), lr=1e-3) for network in (cnn, mlp)]
        train_both(cnn, mlp, train_loader, *optimizers)
        for name, loss in zip(losses, test_both(cnn, mlp, validation_loader)):
            losses[name].append(loss)
    return losses
