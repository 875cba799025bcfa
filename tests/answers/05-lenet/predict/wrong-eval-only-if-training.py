# Half right: takes the model's own mode for that of all its layers, and so skips eval().
# loses: predict-eval, predict-modes
# cause: train() sets every layer
# cause: training mode
def predict(model, image):
    was_training = model.training
    if was_training:
        model.eval()
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    if was_training:
        model.train()
    return probabilities.argmax().item(), probabilities.max().item()
