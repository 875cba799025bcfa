# Both loaders in one expression; a cosine.
def make_loaders(train_set, test_set, batch_size):
    return tuple(DataLoader(part, batch_size, shuffle=mixed) for part, mixed in ((train_set, True), (test_set, False)))


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.RMSprop(list(model.parameters()), learning_rate)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps)
    return criterion, optimizer, scheduler
