# Samplers by hand; the rate halves so that it ends at a tenth.
def make_loaders(train_set, test_set, batch_size):
    order = torch.utils.data.BatchSampler(torch.utils.data.RandomSampler(train_set), batch_size, drop_last=False)
    return DataLoader(train_set, batch_sampler=order), DataLoader(test_set, batch_size, drop_last=False)


def make_training_tools(model, learning_rate, steps):
    criterion = lambda logits, labels: -logits.log_softmax(1)[range(len(labels)), labels].mean()
    optimizer = torch.optim.SGD([{'params': [p]} for p in model.parameters()], lr=learning_rate)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.1 ** (1 / steps))
    return criterion, optimizer, scheduler
