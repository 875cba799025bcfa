# Forgets the mode altogether.
# loses: predict-eval
def predict(model, image):
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    return probabilities.argmax().item(), probabilities.max().item()
