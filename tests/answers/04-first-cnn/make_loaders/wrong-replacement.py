# Draws with replacement: some images twice, others never.
# loses: make_loaders-shuffle
# cause: with replacement
def make_loaders(train_set, test_set, batch_size):
    sampler = torch.utils.data.RandomSampler(train_set, replacement=True)
    return DataLoader(train_set, batch_size, sampler=sampler), DataLoader(test_set, batch_size)


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=steps)
    return criterion, optimizer, scheduler
