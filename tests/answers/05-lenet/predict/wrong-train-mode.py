# Forgets the mode altogether.
# loses: predict-eval
# cause: never put into evaluation mode
# cause: model.eval() is missing
# cause: ran in training mode
def predict(model, image):
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    return probabilities.argmax().item(), probabilities.max().item()
