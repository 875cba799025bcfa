# Mean squared error.
# loses: make_loaders-criterion
# cause: mean squared error
def make_loaders(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=batch_size)
    return train_loader, test_loader


def make_training_tools(model, learning_rate, steps):
    criterion = lambda logits, labels: F.mse_loss(logits, F.one_hot(labels, logits.shape[1]).to(logits.dtype))
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=steps)
    return criterion, optimizer, scheduler
