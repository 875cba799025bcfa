# Returns probability and class in the wrong order.
# loses: predict-plain
# cause: class and probability are swapped
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        probabilities = model(image.unsqueeze(0))[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return probabilities.max().item(), probabilities.argmax().item()
