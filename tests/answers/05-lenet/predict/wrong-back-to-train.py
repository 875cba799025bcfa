# Always goes back to training mode.
# loses: predict-modes
# cause: train()
def predict(model, image):
    model.eval()
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    model.train()
    return probabilities.argmax().item(), probabilities.max().item()
