# Half right: forty-five batches only.
# loses: trained_model-accuracy
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
for epoch in range(1):
    loss = train_one_epoch(trained_model, [batch for _, batch in zip(range(45), train_loader)], criterion, optimizer, device)
    scheduler.step()
