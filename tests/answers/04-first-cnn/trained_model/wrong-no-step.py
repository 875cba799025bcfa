# Goes through the data without a step: forward passes only.
# loses: trained_model-learned, trained_model-accuracy, trained_model-fair
# cause: nothing has moved them
trained_model = CNN().to(device)
criterion, optimizer, scheduler = make_training_tools(trained_model, learning_rate, num_epochs)
for epoch in range(num_epochs):
    loss = sum(criterion(trained_model(x.to(device)), y.to(device)).item() for x, y in validation_loader)
    scheduler.step()
