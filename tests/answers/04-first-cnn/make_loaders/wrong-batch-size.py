# Half right: the test loader keeps the default batch size of 1.
# loses: make_loaders-batches
# cause: batches of one are the default
# cause: the batch size is left out
def make_loaders(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set)
    return train_loader, test_loader


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    return criterion, optimizer, scheduler
