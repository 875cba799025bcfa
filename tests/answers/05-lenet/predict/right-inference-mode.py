# inference_mode, log_softmax, and 0-d tensors as results.
def predict(model, image):
    were_training = [module for module in model.modules() if module.training]
    model.eval()
    with torch.inference_mode():
        logits = model(image.reshape(1, *image.shape)).squeeze(0)
    for module in were_training:
        module.training = True
    label = logits.argmax()
    return label, F.log_softmax(logits, 0)[label].exp()
