# Leaves the caller's random numbers alone; both networks in a list, the budget counted from the CNN.
def comparison(epochs, seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.random.manual_seed(seed)
        cnn = RepairedCNN()
        mlp = matched_mlp(sum(weight.numel() for weight in cnn.parameters()))
        steps = torch.optim.AdamW(cnn.parameters(), 2e-3), torch.optim.AdamW(mlp.parameters(), 2e-3)
        curves = [(train_both(cnn, mlp, train_loader, *steps), test_both(cnn, mlp, validation_loader))[1] for _ in range(epochs)]
    return dict(cnn=[pair[0] for pair in curves], mlp=[pair[1] for pair in curves])
