# Detaches the result, but records gradients on the way.
# loses: predict-no-gradient
# cause: torch.no_grad() is missing
# cause: whether gradients were recorded
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    probabilities = model(image.unsqueeze(0))[0].softmax(0).detach()
    for layer, training in modes:
        layer.training = training
    return probabilities.argmax().item(), probabilities.max().item()
