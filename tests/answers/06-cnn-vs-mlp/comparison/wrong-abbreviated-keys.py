# Other keys than those asked for.
# loses: comparison-networks, comparison-losses, comparison-seeds
# cause: ['CNN', 'MLP']
def comparison(epochs, seed=0):
    torch.manual_seed(seed)
    cnn, mlp = RepairedCNN(), matched_mlp(13_686)
    optimizer_cnn = torch.optim.Adam(cnn.parameters(), lr=1e-3)
    optimizer_mlp = torch.optim.Adam(mlp.parameters(), lr=1e-3)
    losses = {"CNN": [], "MLP": []}
    for epoch in range(epochs):
        train_both(cnn, mlp, train_loader, optimizer_cnn, optimizer_mlp)
        loss_cnn, loss_mlp = test_both(cnn, mlp, validation_loader)
        losses["CNN"].append(loss_cnn)
        losses["MLP"].append(loss_mlp)
    return losses
