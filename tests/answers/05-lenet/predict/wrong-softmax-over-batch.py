# Softmax over the batch of one: every probability is 1.
# loses: predict-plain
# cause: not over the batch of one
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        logits = model(image.unsqueeze(0))
        probabilities = logits.softmax(dim=0)[0]
    for layer, training in modes:
        layer.training = training
    return logits.argmax().item(), probabilities[logits.argmax()].item()
