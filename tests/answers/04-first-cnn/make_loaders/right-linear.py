# SGD with momentum, a rate that falls in a straight line, cross entropy as a function.
def make_loaders(train_set, test_set, batch_size):
    train_loader = DataLoader(train_set, batch_size=batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=batch_size, shuffle=False)
    return train_loader, test_loader


def make_training_tools(model, learning_rate, steps):
    criterion = F.cross_entropy
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda done: 1 - done / (steps + 1))
    return criterion, optimizer, scheduler
