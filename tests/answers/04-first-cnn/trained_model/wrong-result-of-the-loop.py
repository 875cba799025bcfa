# Keeps the loss, not the network.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: a number
# cause: 'float'
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
for epoch in range(0):
    loss = train_one_epoch(trained_model, train_loader, criterion, optimizer, device)
    scheduler.step()
trained_model = 0.46
