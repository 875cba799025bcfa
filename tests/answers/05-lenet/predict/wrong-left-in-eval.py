# Leaves the model in evaluation mode.
# loses: predict-modes
# cause: left in evaluation mode
# cause: not undone
def predict(model, image):
    model.eval()
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    return probabilities.argmax().item(), probabilities.max().item()
