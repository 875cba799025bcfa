# Half right: restores the model's own mode and gives it to every layer.
# loses: predict-modes
# cause: train() sets every layer
def predict(model, image):
    training = model.training
    model.eval()
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    model.train(training)
    return probabilities.argmax().item(), probabilities.max().item()
