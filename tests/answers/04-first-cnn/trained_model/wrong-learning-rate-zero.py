# A learning rate of 0.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: nothing has moved them
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, 0.0, num_epochs)
for epoch in range(1):
    loss = train_one_epoch(trained_model, list(train_loader)[:40], criterion, optimizer, device)
    scheduler.step()
