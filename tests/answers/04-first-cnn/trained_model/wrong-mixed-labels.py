# Trains on labels in another order.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
for images, labels in list(train_loader)[:40]:
    train_one_epoch(trained_model, [(images, labels[torch.randperm(len(labels))])], criterion, optimizer, device)
