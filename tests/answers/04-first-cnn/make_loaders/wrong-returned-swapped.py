# Returns the test loader first.
# loses: make_loaders-batches, make_loaders-shuffle
# cause: this loader has the test set
# cause: this loader has the training set
def make_loaders(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=batch_size, shuffle=False)
    return test_loader, train_loader


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    return criterion, optimizer, scheduler
