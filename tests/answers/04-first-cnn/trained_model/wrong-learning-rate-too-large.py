# A learning rate of 5.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: the learning rate is far too large
# cause: no finite numbers
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, 5.0, num_epochs)
for epoch in range(1):
    loss = train_one_epoch(trained_model, list(train_loader)[:60], criterion, optimizer, device)
    scheduler.step()
