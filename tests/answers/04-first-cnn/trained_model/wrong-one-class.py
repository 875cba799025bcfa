# Sees trousers only.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
trousers = torch.stack([test_transforms(plain_set[i][0]) if False else plain_set[i][0] for i in (plain_set.targets == 1).nonzero()[:64, 0]])
train_one_epoch(trained_model, 10 * [(trousers, torch.ones(len(trousers), dtype=torch.long))], criterion, optimizer, device)
