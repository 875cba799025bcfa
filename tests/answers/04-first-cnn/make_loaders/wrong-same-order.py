# Half right: one shuffled order for all epochs.
# loses: make_loaders-shuffle
# cause: the order is drawn once
def make_loaders(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, sampler=torch.randperm(len(train_set)).tolist())
    test_loader = DataLoader(test_set, batch_size=batch_size, shuffle=False)
    return train_loader, test_loader


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    return criterion, optimizer, scheduler
