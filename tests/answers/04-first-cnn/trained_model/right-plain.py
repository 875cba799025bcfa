# No curve, no bar.
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
for epoch in range(num_epochs):
    loss = train_one_epoch(trained_model, train_loader, criterion, optimizer, device)
    scheduler.step()
