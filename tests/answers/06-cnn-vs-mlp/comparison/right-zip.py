# Pairs collected, then turned into two lists; SGD with momentum.
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    networks = [RepairedCNN(), matched_mlp(13_686)]
    optimizers = [torch.optim.SGD(n.parameters(), lr=0.02, momentum=0.9) for n in networks]
    pairs = []
    while len(pairs) < epochs:
        train_both(*networks, train_loader, *optimizers)
        pairs.append(test_both(*networks, validation_loader))
    return {name: list(column) for name, column in zip(("cnn", "mlp"), zip(*pairs))}
