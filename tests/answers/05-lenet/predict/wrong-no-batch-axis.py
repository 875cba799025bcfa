# Gives the model the image without a batch axis.
# loses: predict-plain, predict-eval, predict-modes
# cause: batch axis is missing
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        probabilities = model(image)[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return probabilities.argmax().item(), probabilities.max().item()
