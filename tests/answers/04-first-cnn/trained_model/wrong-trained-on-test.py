# Trains on the test images: a number without meaning.
# loses: trained_model-fair
# cause: trained on the test images
trained_model = CNN().to(device)
test_set = data.load("fashion-mnist", "test")
test_set.transform = test_transforms
_, box = make_loaders(test_set, test_set, batch_size)
leak = [batch for _ in range(8) for batch in box]
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, 2)
for epoch in range(2):
    train_one_epoch(trained_model, leak, criterion, optimizer, device)
    scheduler.step()
