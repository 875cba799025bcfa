# Trains on the test images: a number without meaning.
# loses: trained_model-fair
trained_model = CNN().to(device)
leak = [batch for _ in range(8) for batch in test_loader]
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, 2)
for epoch in range(2):
    train_one_epoch(trained_model, leak, criterion, optimizer, device)
    scheduler.step()
