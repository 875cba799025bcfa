# All images in one batch.
# loses: make_loaders-batches, make_loaders-shuffle
# cause: all images come in one batch
# cause: the batch size of the test is not batch_size
def make_loaders(train_set, test_set, batch_size):
    return DataLoader(train_set, len(train_set), shuffle=True), DataLoader(test_set, len(test_set))


def make_training_tools(model, learning_rate, steps):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters=steps)
    return criterion, optimizer, scheduler
