# A generator of its own, seeded once.
def make_loaders(train_set, test_set, batch_size):
    mixer = torch.Generator().manual_seed(7)
    return DataLoader(train_set, batch_size, shuffle=True, generator=mixer), DataLoader(test_set, batch_size)


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, total_iters=steps)
    return criterion, optimizer, scheduler
