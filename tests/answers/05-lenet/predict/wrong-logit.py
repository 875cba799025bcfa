# Gives the largest logit, not its probability.
# loses: predict-plain
# cause: this is the logit
def predict(model, image):
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    with torch.no_grad():
        logits = model(image.unsqueeze(0))[0]
    for layer, training in modes:
        layer.training = training
    return logits.argmax().item(), logits.max().item()
