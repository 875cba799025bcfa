# A new Adam in every epoch: what it remembers of past gradients is lost.
# cause: is made anew while it trains
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    losses = {"cnn": [], "mlp": []}
    for _ in range(epochs):
        optimizers = [torch.optim.Adam(network.parameters(), lr=2e-3) for network in (cnn, mlp)]
        train_both(cnn, mlp, train_loader, *optimizers)
        for which, loss in zip(losses, test_both(cnn, mlp, validation_loader)):
            losses[which].append(loss)
    return losses
