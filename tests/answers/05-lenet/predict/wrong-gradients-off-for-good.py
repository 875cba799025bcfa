# Switches gradients off with a statement, and never on again.
# loses: predict-no-gradient
# cause: for good
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    torch.set_grad_enabled(False)
    probabilities = model(image.unsqueeze(0))[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return probabilities.argmax().item(), probabilities.max().item()
