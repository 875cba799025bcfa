# Plain SGD remembers nothing: a new one in every epoch is the same.
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    networks = RepairedCNN(), matched_mlp(13_686)
    losses = []
    for _ in range(epochs):
        train_both(*networks, train_loader, *(torch.optim.SGD(network.parameters(), lr=0.1) for network in networks))
        losses.append(test_both(*networks, validation_loader))
    return {name: [pair[place] for pair in losses] for place, name in enumerate(("cnn", "mlp"))}
