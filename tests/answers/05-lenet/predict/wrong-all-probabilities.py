# All probabilities, not that of the class.
# loses: predict-plain
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        p = model(image[None])[0].softmax(0)
    for layer, training in modes:
        layer.training = training
    return p.argmax().item(), p
