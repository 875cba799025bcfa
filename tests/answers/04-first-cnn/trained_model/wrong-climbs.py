# Climbs the loss instead of descending.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
train_one_epoch(trained_model, list(train_loader)[:60], lambda logits, labels: -criterion(logits, labels), optimizer, device)
