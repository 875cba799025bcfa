# Switches requires_grad off instead of recording.
# loses: predict-no-gradient
# cause: requires_grad
# cause: torch.no_grad() is missing
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    probabilities = model(image.unsqueeze(0))[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return probabilities.argmax().item(), probabilities.max().item()
